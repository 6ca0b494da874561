import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../src/client/session.ts';
import { until } from '../src/platform/deadline.ts';
import { processInfo } from '../src/platform/identity.ts';
import type { Plan } from '../src/protocol/plan.ts';
import { join, loadConfig, toPlan } from './built.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const STOP_MS = 15_000;

/** A project of its own with one generation of infrastructure, which this process keeps up with its lease. */
export interface Rig {
  readonly plan: Plan;
  readonly session: Session;
  /** Pid of the coordinator. */
  readonly coordinator: number;
  /** `performance.now()` when joining began. */
  readonly begun: number;
}

/**
 * Makes a project with this config, joins it, and takes everything down afterwards.
 *
 * @param config What `greenroom.config.ts` exports; `greenroom` is imported as a namespace of that name, and `container` and `image`.
 */
export async function withRig<T>(config: string, use: (rig: Rig) => Promise<T>): Promise<T> {
  return withProject(config, async (plan) => {
    const begun = performance.now();
    const session = await join(plan, { role: 'runner', run: 'bench' });
    const coordinator = session.welcome.coordinator.pid;
    try {
      return await use({ plan, session, coordinator, begun });
    } finally {
      session.close();
      const gone = await until(() => processInfo(coordinator) === undefined, STOP_MS);
      if (!gone) console.error(`bench: coordinator ${coordinator} is still there after ${STOP_MS} ms`);
    }
  });
}

/** Makes a project with this config and computes its plan; nothing is started. */
async function withProject<T>(config: string, use: (plan: Plan) => Promise<T>): Promise<T> {
  const root = mkdtempSync(joinPath(tmpdir(), 'greenroom-bench-project-'));
  try {
    mkdirSync(joinPath(root, 'node_modules'));
    symlinkSync(REPOSITORY, joinPath(root, 'node_modules', 'greenroom'));
    writeFileSync(joinPath(root, 'package.json'), '{ "type": "module" }\n');
    writeFileSync(
      joinPath(root, 'greenroom.config.ts'),
      `import * as greenroom from 'greenroom';\nimport { container, image } from 'greenroom/container';\nexport default greenroom.defineConfig(${config});\n`,
    );
    return await use(await toPlan(await loadConfig(root)));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Source text of a service that says that it is ready, with its pid, after some seconds of work. */
export function service(seconds = 0, needs = ''): string {
  return `greenroom.command({
    run: ${JSON.stringify(startUp(seconds))},
    port: false,
    ready: greenroom.log(/^ready (?<pid>\\d+)$/),
    needs: { ${needs} },
  })`;
}

/** The program of such a service. */
export function startUp(seconds: number): readonly string[] {
  return ['sh', '-c', `sleep ${seconds}; echo ready $$; exec sleep 1000`];
}
