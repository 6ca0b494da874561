import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { TestProject, Vitest } from 'vitest/node';
import { join } from '../client/join.ts';
import { closure } from '../coordinator/graph.ts';
import type { RegisteredEndpoints } from '../config/register.ts';
import { loadConfig } from '../config/load.ts';
import { toPlan } from '../config/plan.ts';
import { toFailure, type Failure } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { failureLines } from '../report/failure.ts';
import type { Joined } from './joined.ts';
import { View } from './view.ts';

/** Not compiled, and not in `dist`: Vitest evaluates it anew for each file only as long as it is TypeScript. */
const SETUP_FILE = fileURLToPath(
  new URL(`${import.meta.url.endsWith('.ts') ? '../..' : '../../..'}/workers/vitest-setup.mts`, import.meta.url),
);

/** How much longer than the coordinator's own deadlines a worker waits, so that it is told the reason before that. */
const PATIENCE_MARGIN_MS = 10_000;

/** By root project: Vitest 4 runs our global setup in each project that inherits it, and a restart begins anew. */
const begun = new WeakMap<TestProject, Promise<void>>();

/**
 * Joins the infrastructure for a Vitest process, waits until it is ready, and tells every worker about it. Never
 * rejects for what is wrong with the infrastructure, because Vitest would then report no file at all: it is
 * published, and each file fails with it.
 */
export async function setUp({ vitest }: TestProject): Promise<void> {
  const root = vitest.getRootProject();
  const setup = begun.get(root) ?? begin(vitest);
  begun.set(root, setup);
  await setup;
}

async function begin(vitest: Vitest): Promise<void> {
  const start = Date.now();
  const run = randomUUID();
  try {
    const plan = await toPlan(await loadConfig(vitest.config.root));
    const session = await join(plan, { role: 'runner', run, workers: vitest.config.maxWorkers });
    const view = new View(session, run);
    vitest.onClose(() => view.leave());
    const { endpoints, env } = await view.start(start);
    void session.lost.then((failure) => tell(vitest, failure));
    Object.assign(process.env, env, { GREENROOM_FILE: session.file, GREENROOM_RUN: run });
    publish(vitest, endpoints, {
      file: session.file,
      run,
      ...contentsOf(plan),
      docblocks: {},
      patience: patienceFor(plan),
    });
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_START_FAILED');
    tell(vitest, failure);
    publish(vitest, {}, { failure });
  }
}

/** Once, with everything that is known; the files that fail with it say only what it is. */
function tell(vitest: Vitest, failure: Failure): void {
  vitest.logger.error(failureLines(failure).join('\n'));
}

/** To every project, however it is configured: what root `config()` adds does not reach all of them. */
function publish(vitest: Vitest, endpoints: object, joined: Joined): void {
  for (const project of vitest.projects) {
    project.config.setupFiles.unshift(SETUP_FILE);
    project.provide('greenroom', endpoints as RegisteredEndpoints);
    project.provide('greenroom:joined', joined);
  }
}

/** Names of what there is, each with all that it needs. */
function contentsOf({ resources, gates }: Plan): Pick<Extract<Joined, { file: string }>, 'resources' | 'gates'> {
  const graph = { resources: mapValues(resources, ({ needs }) => ({ needs: Object.values(needs) })) };
  return {
    resources: mapValues(resources, (_, name) => closure(graph, [name])),
    gates: mapValues(gates, ({ needs }) => closure(graph, Object.values(needs))),
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

/** Resources may have to start one after the other; gates are waited for at the same time. */
function patienceFor({ resources, gates }: Plan): number {
  const starts = Object.values(resources).reduce((sum, { startTimeout }) => sum + startTimeout, 0);
  const longestGate = Math.max(0, ...Object.values(gates).map(({ timeout }) => timeout));
  return starts + longestGate + PATIENCE_MARGIN_MS;
}
