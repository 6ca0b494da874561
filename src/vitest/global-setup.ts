import type { TestProject } from 'vitest/node';
import type { GreenroomApi } from './index.ts';

/**
 * Vitest may run this file in its own module runner. The plugin was loaded by Node, and so is what it imports: the
 * user's config is imported by Node too, as everywhere else. Without the plugin, this file is all there is.
 */
export async function setup(project: TestProject): Promise<void> {
  const { vitest } = project;
  const plugin = [vitest.getRootProject(), ...vitest.projects]
    .flatMap(({ vite }) => vite.config.plugins)
    .find(({ name }) => name === 'greenroom');
  const api = plugin?.api as GreenroomApi | undefined;
  if (api !== undefined) return api.setUp(project);
  const { setUp } = await import('./main.ts');
  await setUp(project, { addsSetupFile: false });
}
