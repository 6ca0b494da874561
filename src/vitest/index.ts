/**
 * The one line for `vitest.config.ts`: `plugins: [greenroom()]`. Loaded whenever Vitest reads its config, so what
 * joins and waits is imported only when a run begins.
 */
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Plugin } from 'vitest/config';
import type { RegisteredEndpoints } from '../config/register.ts';
import type { Joined } from './joined.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Endpoints by resource name. */
    greenroom: RegisteredEndpoints;
    /** For our own setup file. */
    'greenroom:joined': Joined;
  }
}

/** What the global setup file, which Vitest loads by its path, finds in the plugin. */
export interface GreenroomApi {
  readonly setUp: (project: TestProject) => Promise<void>;
}

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/**
 * Starts or joins the infrastructure of the nearest `greenroom.config.ts` before the first spec, gives every worker
 * its endpoints (`inject('greenroom')` and environment variables), and holds each file until the gates are open.
 */
// oxlint-disable-next-line import/no-default-export -- `import greenroom from 'greenroom/vitest'`
export default function greenroom(): Plugin<GreenroomApi> {
  return {
    name: 'greenroom',
    config(config) {
      const globalSetup = fileURLToPath(new URL(`./global-setup.${EXTENSION}`, import.meta.url));
      const others = [config.test?.globalSetup ?? []].flat();
      // In front, so that the user's own global setup sees the endpoints. That is why the config is changed in place:
      // what a plugin returns is put behind.
      config.test = { ...config.test, globalSetup: [globalSetup, ...others] };
    },
    api: {
      async setUp(project) {
        const { setUp } = await import('./main.ts');
        await setUp(project);
      },
    },
  };
}
