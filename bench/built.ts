import { builtUrl } from './built-url.ts';

/** What is measured is what users run: the build, which `npm run bench` makes before. The types are its sources'. */
function built<Module>(path: string): Promise<Module> {
  return import(builtUrl(path)) as Promise<Module>;
}

export const { loadConfig } = await built<typeof import('../src/config/load.ts')>('config/load');
export const { toPlan } = await built<typeof import('../src/config/plan.ts')>('config/plan');
export const { join } = await built<typeof import('../src/client/join.ts')>('client/join');
export const { connectWorker } = await built<typeof import('../src/client/index.ts')>('client/index');
