import type { Story } from './story.ts';
import { twelveAsk } from './twelve.ts';

/** A server drops what is more than it allows, at once. Twelve are too few for twelve: each process opens a second one. */
export const R1c: Story = {
  id: 'R1c',
  title: 'a limit of connections: twelve processes ask a server that takes 1, 4 or 12 at once',
  runs: 5,
  ...twelveAsk('R1c', {
    command: ['node', 'server.mjs'],
    faults: { 'limit 1': { LIMIT: '1' }, 'limit 4': { LIMIT: '4' }, 'limit 12': { LIMIT: '12' } },
    controls: { 'limit 100': { LIMIT: '100' } },
  }),
};
