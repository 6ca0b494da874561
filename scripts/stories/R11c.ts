import { sharedState } from './shared-state.ts';
import type { Story } from './story.ts';

/** Each spec removes the directory of uploads, and with it what the specs of the other processes have there. */
export const R11c: Story = {
  id: 'R11c',
  title: 'shared directory: the clean-up of one process removes the files of the others',
  runs: 3,
  ...sharedState('R11c', ({ dir }, act) => act({ UPLOADS: dir })),
};
