/** `retry: 'infra'`: one more try for a spec that failed for the infrastructure, and for no other. */
import type { RunnerTestCase } from 'vitest';
import { setRetried, verdictOf } from './verdicts.ts';

/** How many errors a spec had when it was judged: what came after that, nobody has judged. */
const judged = new WeakMap<object, number>();

export function noteJudged(spec: RunnerTestCase): void {
  judged.set(spec, spec.result?.errors?.length ?? 0);
}

/**
 * Adds a try behind those that the spec has of its own. Vitest asks the condition after each try that failed, in its
 * versions 4.1 and 5: only INFRA, said of all that went wrong in that try, begins another.
 */
export function retryInfra(spec: RunnerTestCase): void {
  const own = spec.retry;
  const { count = 0, condition, ...rest } = typeof own === 'object' ? own : { count: own ?? 0 };
  spec.retry = {
    ...rest,
    count: count + 1,
    condition: (error) => ((spec.result?.retryCount ?? 0) < count ? meets(condition, error) : isInfra(spec)),
  };
}

type Retry = Extract<NonNullable<RunnerTestCase['retry']>, object>;
type Condition = NonNullable<Retry['condition']>;

function meets(condition: Condition | undefined, error: Parameters<Extract<Condition, Function>>[0]): boolean {
  if (condition === undefined) return true;
  return condition instanceof RegExp ? condition.test(error.message) : condition(error);
}

function isInfra(spec: RunnerTestCase): boolean {
  const verdict = verdictOf(spec);
  const infra = verdict?.verdict === 'INFRA' && judged.get(spec) === spec.result?.errors?.length;
  if (infra) setRetried(spec, verdict);
  return infra;
}
