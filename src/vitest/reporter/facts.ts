/** From Vitest's tasks to the facts that verdicts are made of. */
import { posix, relative } from 'node:path';
import type { RunnerTask, RunnerTestCase, RunnerTestSuite } from 'vitest';
import type { TestModule } from 'vitest/node';
import type { ErrorFacts, FileFacts, Said, SpecFacts, SuiteFacts } from '../../attribution/facts.ts';
import type { VerdictMeta } from '../../protocol/verdict.ts';
import { slashed } from '../durations/spec-keys.ts';
import { specsOf, suitesOf } from '../worker/tasks.ts';
import { around, fileOf, metaOf } from './tasks.ts';

/** What both majors note on a spec that they stop or leave out because the run is cancelled. */
const ABORTED = 'The test run was aborted by the user.';

/** What was seen while the files were collected. */
export interface Collected {
  /** Ids of the modules that a worker has told the content of. */
  readonly reached: ReadonlySet<string>;
  /** Ids of their specs that were to be skipped from the beginning. */
  readonly declared: ReadonlySet<string>;
  /** These are reports of earlier runs, so that what was collected is what there was at their end. */
  readonly replayed: boolean;
}

export function factsOf(module: TestModule, collected: Collected): FileFacts {
  const file = fileOf(module);
  const specs = specsOf(file);
  const reached = collected.replayed || (collected.reached.has(module.id) && !specs.some(isRead));
  return {
    id: file.id,
    path: pathOf(module),
    reached,
    estimated: !reached && specs.some(standsForMany),
    broken: suitesOf(file).flatMap(brokenOf),
    specs: specs.map((spec) => specFacts(spec, isDeclared(spec, reached, collected))),
  };
}

/** Packages of a monorepo have files of the same name. */
function pathOf({ project, relativeModuleId }: TestModule): string {
  return posix.join(slashed(relative(project.vitest.config.root, project.config.root)), relativeModuleId);
}

/** Only reading a file, rather than running it, tells where in its text a task begins. */
function isRead(task: RunnerTask): boolean {
  return 'start' in task && 'end' in task;
}

/** One call in the text that makes many specs, or has a name that is made when it runs, as in a loop. */
function standsForMany(spec: RunnerTestCase): boolean {
  return [spec, ...around(spec)].some((task) => task.each === true || task.name.includes('${'));
}

function isDeclared(spec: RunnerTestCase, reached: boolean, { declared, replayed }: Collected): boolean {
  if (reached && !replayed) return declared.has(spec.id);
  const left = spec.mode === 'skip' || spec.mode === 'todo';
  return left && !began(spec) && metaOf(spec)?.verdict !== 'NEVER_RAN';
}

function specFacts(spec: RunnerTestCase, declaredSkip: boolean): SpecFacts {
  const suites = around(spec);
  const error = errorOf(spec);
  const meta = metaOf(spec);
  const { greenroomRetried: retried } = spec.meta as { readonly greenroomRetried?: VerdictMeta };
  const line = lineOf(spec);
  return {
    id: spec.id,
    name: [...suites.slice(0, -1).toReversed(), spec].map(({ name }) => name).join(' > '),
    ...(line === undefined ? {} : { line }),
    declaredSkip,
    said: saidOf(spec),
    began: began(spec),
    aborted: resultOf(spec)?.note === ABORTED,
    ...(error === undefined ? {} : { error }),
    ...(meta === undefined ? {} : { meta }),
    ...(retried === undefined ? {} : { retried }),
    within: suites.map(({ id }) => id),
  };
}

function saidOf({ result }: RunnerTestCase): Said {
  const state = result?.state;
  return state === 'pass' || state === 'fail' || state === 'skip' || state === 'run' ? state : 'none';
}

/** `pending` is what becomes of a spec that ran until it said that it is to be skipped, or was stopped. */
function began(spec: RunnerTestCase): boolean {
  const result = resultOf(spec);
  return result?.startTime !== undefined || result?.pending === true;
}

/** With what Vitest notes and does not declare. */
function resultOf({ result }: RunnerTestCase): { startTime?: number; pending?: boolean; note?: string } | undefined {
  return result;
}

/** Only with errors of its own: a suite fails with its specs, too. */
function brokenOf(suite: RunnerTestSuite): SuiteFacts[] {
  const error = errorOf(suite);
  if (error === undefined) return [];
  const meta = metaOf(suite);
  const name = 'filepath' in suite ? '' : suite.name;
  return [{ id: suite.id, name, error, ...(meta === undefined ? {} : { meta }) }];
}

function errorOf({ result }: RunnerTask): ErrorFacts | undefined {
  const [first] = result?.state === 'fail' ? (result.errors ?? []) : [];
  if (first === undefined) return undefined;
  const hint = first.name === 'GreenroomError' ? /\nhint: ([^]*)/.exec(first.message)?.[1] : undefined;
  return { message: textOf(first), ...(hint === undefined ? {} : { hint }) };
}

/** With its cause: `fetch failed` alone says nothing. */
function textOf({ name, message, cause }: Thrown): string {
  const text = message || (name ?? 'an error without a message');
  return typeof cause === 'object' && cause !== null ? `${text}: ${textOf(cause)}` : text;
}

/** An error as Vitest keeps it. */
interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

function lineOf({ file, location, result }: RunnerTestCase): number | undefined {
  const [first] = result?.errors ?? [];
  return first?.stacks?.find((frame) => frame.file === file.filepath)?.line ?? location?.line;
}
