/**
 * The one line for `vitest.config.ts`: `plugins: [greenroom()]`. Loaded whenever Vitest reads its config, so what
 * joins and waits is imported only when a run begins.
 */
import type { TestProject } from 'vitest/node';
import type { Plugin } from 'vitest/config';
import type { RegisteredEndpoints } from '../config/register.ts';
import type { Joined } from './joined.ts';
import { inFront } from './projects.ts';
import { missingTags } from './tags.ts';
import { testWithEndpoints, type GreenroomTest } from './spec/test.ts';

export { baggage } from './spec/baggage.ts';
export { chaos, type Chaos } from './spec/chaos.ts';
export { endpoint } from './spec/endpoint.ts';
export { exclusive, type ExclusiveOptions } from './spec/exclusive.ts';
export { rollback, type Connection } from './spec/rollback.ts';
export { checked, healed, type HealthWaitOptions } from './spec/health.ts';
export { unique } from './spec/unique.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Endpoints by resource name. */
    greenroom: RegisteredEndpoints;
    /** For our own setup file. */
    'greenroom:joined': Joined;
  }
}

/** Vitest's `test` with a fixture for each resource: `test('…', async ({ db }) => …)`. */
export const test: GreenroomTest = testWithEndpoints();

/** What the global setup file, which Vitest loads by its path, finds in the plugin. */
export interface GreenroomApi {
  readonly setUp: (project: TestProject) => Promise<void>;
}

export interface GreenroomOptions {
  /** Exit code of a run in which nothing but the infrastructure failed, in place of 10 to 13. */
  readonly infraExitCode?: number;
  /**
   * `'infra'`: a spec that failed because something it needs was not well is tried once more, when that is well again. One
   * that failed by itself is not.
   */
  readonly retry?: 'infra';
}

/**
 * Starts or joins the infrastructure of the nearest `greenroom.config.ts` before the first spec, gives every worker
 * its endpoints (`inject('greenroom')` and environment variables), holds each file until its gates are open, and tells
 * failures of the infrastructure from those of the tests.
 */
// oxlint-disable-next-line import/no-default-export -- `import greenroom from 'greenroom/vitest'`
export default function greenroom(options: GreenroomOptions = {}): Plugin<GreenroomApi> {
  return {
    name: 'greenroom',
    async config(config) {
      const { checkOptions } = await import('./options.ts');
      checkOptions(options);
      const { configNames } = await import('./config-names.ts');
      const names = await configNames(config.root ?? process.cwd());
      const { globalSetup = [], tags = [] } = config.test ?? {};
      // In front, so that the user's own global setup sees the endpoints. That is why the config is changed in place:
      // what a plugin returns is put behind.
      config.test = {
        ...config.test,
        globalSetup: inFront([globalSetup].flat()),
        // A list of tests checks tags, too, and sets nothing up.
        tags: [...tags, ...missingTags(names, tags)],
      };
    },
    // oxlint-disable-next-line typescript/no-misused-promises -- Vitest awaits it
    async configureVitest({ project, vitest }) {
      // A project's own global setup is called before that of the root.
      project.config.globalSetup = inFront([project.config.globalSetup].flat());
      const [{ interruptionOf }, { addReporter }] = await Promise.all([
        import('./interruption.ts'),
        import('./reporter/index.ts'),
      ]);
      interruptionOf(vitest);
      addReporter(vitest, options);
    },
    api: {
      async setUp(project) {
        const { setUp } = await import('./main.ts');
        await setUp(project, { ...options, addsSetupFile: true });
      },
    },
  };
}
