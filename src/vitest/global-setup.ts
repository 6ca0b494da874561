import type { TestProject } from 'vitest/node';
import type { GreenroomApi } from './index.ts';

/**
 * Vitest runs this file in its own module runner. The plugin was loaded by Node, and so is what it imports: the
 * user's config is imported by Node too, as everywhere else.
 */
export async function setup(project: TestProject): Promise<void> {
  const plugin = project.vite.config.plugins.find(({ name }) => name === 'greenroom');
  const api = plugin?.api as GreenroomApi | undefined;
  await api?.setUp(project);
}
