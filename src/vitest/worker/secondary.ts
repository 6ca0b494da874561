/** Errors of a clean-up that follow from a failed set-up: marked, so that nobody takes them for the reason. */
import type { RunnerTestCase, RunnerTestSuite } from 'vitest';
import { retell, type Told } from './say.ts';
import { suitesOf, type SuiteHooks } from './tasks.ts';

const OF_SET_UP = 'secondary, follows from the failed set-up: ';
const OF_FAILURE = 'secondary, follows from the failure before it: ';
const AGAIN = 'secondary, the same again: ';

/** What a clean-up meets that was never made. */
const NOTHING_THERE = /^Cannot read propert(?:y|ies) of (?:undefined|null)/;

/** How many errors a spec had when its clean-up began. */
const before = new WeakMap<object, number>();

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
        if (suite.result?.hooks?.beforeAll === 'run') mark(error, OF_SET_UP);
        throw error;
      }
    });
  }
}

/** To be called when a spec's clean-up begins; counts once. */
export function noteCleanUp(spec: RunnerTestCase): void {
  if (!before.has(spec)) before.set(spec, spec.result?.errors?.length ?? 0);
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
  const end = (before.get(spec) ?? Infinity) - since;
  const said = new Set(errors.slice(0, end).map(origin));
  const setUpFailed = spec.result?.hooks?.beforeEach === 'run';
  return errors.filter((error, index) => {
    if (index < end || end === 0) return true;
    const prefix = prefixFor(error, said, setUpFailed);
    if (prefix !== undefined) mark(error, prefix);
    return prefix === undefined;
  });
}

/**
 * A fixture that failed looks like a body that did: nothing says that the body never began. Vitest 5 tries it again
 * for a clean-up that asks for it, Vitest 4 leaves it undefined.
 */
function prefixFor(error: Told, said: ReadonlySet<string>, setUpFailed: boolean): string | undefined {
  if (said.has(origin(error))) return AGAIN;
  if (setUpFailed) return OF_SET_UP;
  return NOTHING_THERE.test(error.message) ? OF_FAILURE : undefined;
}

/** What it says, and the line where it was made. */
function origin({ message, stack = '' }: Told): string {
  const end = stack.indexOf(message) + message.length;
  return `${message}${stack.slice(end).split('\n', 2).join('\n')}`;
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
