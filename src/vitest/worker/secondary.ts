/** Errors of a clean-up that follow from a failed set-up: marked, so that nobody takes them for the reason. */
import type { RunnerTestCase, RunnerTestSuite } from 'vitest';
import { now } from './clock.ts';
import { retell, type Told } from './say.ts';
import { suitesOf, type SuiteHooks } from './tasks.ts';

const OF_SET_UP = 'secondary, follows from the failed set-up: ';
const AGAIN = 'secondary, the same again: ';

/** What Vitest calls fixtures by. One that fails after it has waited for something has no such frame any more. */
const IN_FIXTURE = /^\s+at (?:async )?resolveFixtureFunction\b/m;

/** How many errors a spec had when its clean-up began, and when that was. */
const before = new WeakMap<object, { readonly errors: number; readonly at: number }>();

/**
 * Notes where each spec's clean-up begins, and marks what `afterAll` hooks throw after a failed `beforeAll`. A spec's
 * errors come in their order, but nothing says which is whose; and a nested suite is reported before we see it again.
 */
export function watchCleanUps(file: RunnerTestSuite, hooksOf: (suite: RunnerTestSuite) => SuiteHooks): void {
  for (const suite of suitesOf(file)) {
    const hooks = hooksOf(suite);
    hooks.afterEach = replace(hooks.afterEach, (hook) => (...args) => {
      noteCleanUp((args[0] as { readonly task: RunnerTestCase }).task);
      return hook(...args);
    });
    hooks.afterAll = replace(hooks.afterAll, (hook) => async (...args) => {
      try {
        return await hook(...args);
      } catch (error) {
        if (setUpFailed(suite)) mark(error, OF_SET_UP);
        throw error;
      }
    });
  }
}

/** Whether a `beforeAll` of the suite has failed: what its `afterAll` hooks throw then follows from that. */
export function setUpFailed({ result }: RunnerTestSuite): boolean {
  return result?.hooks?.beforeAll === 'run';
}

/** To be called when a spec's clean-up begins; counts once. */
export function noteCleanUp(spec: RunnerTestCase): void {
  if (!before.has(spec)) before.set(spec, { errors: spec.result?.errors?.length ?? 0, at: now() });
}

/** When the clean-up of this try of a spec began, in milliseconds since 1970; undefined where there was none. */
export function cleanUpBegan(spec: RunnerTestCase): number | undefined {
  return before.get(spec)?.at;
}

/** To be called before each try of a spec. */
export function forgetCleanUp(spec: RunnerTestCase): void {
  before.delete(spec);
}

/**
 * Marks the errors of a failed spec's clean-up that follow from what failed before it.
 *
 * @param since how many errors earlier tries have left
 * @returns the others
 */
export function primaryErrors(spec: RunnerTestCase, since: number): readonly Told[] {
  const errors: readonly Told[] = spec.result?.errors?.slice(since) ?? [];
  const end = (before.get(spec)?.errors ?? Infinity) - since;
  const said = new Set(errors.slice(0, end).map(origin));
  const spoilt = spec.result?.hooks?.beforeEach === 'run' || errors.slice(0, end).some(isOfFixture);
  return errors.filter((error, index) => {
    if (index < end || end === 0) return true;
    const prefix = said.has(origin(error)) ? AGAIN : spoilt ? OF_SET_UP : undefined;
    if (prefix !== undefined) mark(error, prefix);
    return prefix === undefined;
  });
}

/**
 * A fixture that failed looks like a body that did; only its stack says that the body never began. Vitest 5 tries it
 * again for a clean-up that asks for it, Vitest 4 leaves it undefined.
 */
function isOfFixture({ stack = '' }: Told): boolean {
  return IN_FIXTURE.test(stack);
}

/** What it says, the line where it was made, and what its cause says: `fetch failed` alone may be anything. */
function origin({ message, stack = '', cause }: Told & { readonly cause?: unknown }): string {
  const end = stack.indexOf(message) + message.length;
  const because = (cause as Partial<Told> | null | undefined)?.message ?? '';
  return `${message}${stack.slice(end).split('\n', 2).join('\n')}\n${because}`;
}

function mark(error: unknown, prefix: string): void {
  if (typeof error !== 'object' || error === null) return;
  // Vitest reports each of its errors, and not the aggregate.
  if (error instanceof AggregateError) error.errors.forEach((each) => mark(each, prefix));
  else if ('message' in error && typeof error.message === 'string')
    retell(error as Told, (message) => prefix + message);
}

type List = SuiteHooks['afterAll'];

function replace(hooks: List, change: (hook: List[number]) => List[number]): List {
  return hooks.map((hook) => Object.assign(change(hook), hook));
}
