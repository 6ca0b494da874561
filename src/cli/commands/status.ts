/** `greenroom status`: all generations of the project, once or again and again. */
import type { CAC } from 'cac';
import { generationsOf } from '../../client/discover.ts';
import type { FoundGeneration } from '../../client/generations.ts';
import { readEvents, readPlan } from '../../coordinator/read-records.ts';
import type { State } from '../../coordinator/state.ts';
import { breakerOf, systemHealth, type Breaker, type SystemHealth } from '../../health/breaker.ts';
import { pause } from '../../platform/deadline.ts';
import { isGreenroomError } from '../../protocol/failure.ts';
import type { Budgets } from '../../protocol/plan.ts';
import { redraw } from '../../report/board.ts';
import { criticalPath } from '../../report/critical-path.ts';
import { failureLines } from '../../report/failure.ts';
import { statusLines } from '../../report/status.ts';
import { buildLines } from '../../report/builds.ts';
import { timeLines } from '../../report/time-lines.ts';
import { timesOf, type Times } from '../../report/times.ts';
import { OK } from '../exit-codes.ts';
import { observe, projectRoot } from '../generation.ts';
import { exclusive, text, type Flags } from '../usage.ts';

const WATCH_MS = 1_000;

export function register(cli: CAC): void {
  cli
    .command('status', 'Show what is up for this project: resources, gates, leases')
    .option('--json', 'As a JSON list, one object a generation')
    .option('--watch', 'Again every second, until interrupted')
    .action(status);
}

async function status(options: Flags): Promise<number> {
  const form = exclusive(options, ['json', 'watch']);
  const root = projectRoot(text('config', options['config']));
  if (form === 'json') {
    process.stdout.write(`${JSON.stringify(await pictures(root), null, 2)}\n`);
  } else if (form === 'watch') {
    await watch(root);
  } else {
    process.stdout.write(`${(await lines(root)).join('\n')}\n`);
  }
  return OK;
}

async function watch(root: string): Promise<never> {
  for (let drawn: readonly string[] = []; ;) {
    const now = await lines(root);
    process.stdout.write(process.stdout.isTTY ? redraw(drawn, now) : `${now.join('\n')}\n\n`);
    drawn = now;
    await pause(WATCH_MS);
  }
}

/** One generation; without its token. `state` is missing when its coordinator does not answer. */
interface Picture extends Pick<
  FoundGeneration,
  'key' | 'generation' | 'pid' | 'at' | 'configFile' | 'logDir' | 'file'
> {
  readonly health?: SystemHealth;
  /** By resource, of those that were up. */
  readonly breakers?: Readonly<Record<string, Breaker>>;
  readonly state?: State;
  /** Where its time went, and the critical path of its start. */
  readonly times?: Times & { readonly path: readonly string[] };
  readonly budgets?: Budgets;
  readonly problem?: readonly string[];
}

async function lines(root: string): Promise<string[]> {
  const all = await pictures(root);
  if (all.length === 0) return [`nothing is running for ${root}`];
  const texts = all.map(({ state, times, budgets, problem = [], ...facts }) => {
    if (state === undefined || times === undefined) return problem.join('\n');
    const images = buildLines(state.graph, state.builds);
    return [...statusLines(facts, state, Date.now()), '', ...images, ...timeLines(state.graph, times, budgets)].join(
      '\n',
    );
  });
  return texts.join('\n\n').split('\n');
}

function pictures(root: string): Promise<Picture[]> {
  return Promise.all(generationsOf(root).map(picture));
}

async function picture(generation: FoundGeneration): Promise<Picture> {
  const { key, generation: number, pid, at, configFile, logDir, file } = generation;
  const facts = { key, generation: number, pid, at, configFile, logDir, file };
  try {
    const { session, state } = await observe(generation);
    session.close();
    const { resources } = state;
    const breakers = Object.entries(resources).flatMap(([name, one]) => {
      const breaker = breakerOf(one);
      return breaker === undefined ? [] : [[name, breaker] as const];
    });
    const times = timesOf(state.graph, readEvents(logDir), Date.now());
    const path = criticalPath(state.graph, times.starts).map(({ name }) => name);
    return {
      ...facts,
      health: systemHealth(resources),
      breakers: Object.fromEntries(breakers),
      state,
      times: { ...times, path },
      budgets: readPlan(logDir)?.budgets ?? {},
    };
  } catch (error) {
    if (!isGreenroomError(error)) throw error;
    return { ...facts, problem: failureLines(error.failure) };
  }
}
