/** The tries of a spec that runs several times: as retries, until it passes, or as repetitions, all of which must. */
import type { RunnerTestCase } from 'vitest';
import { clearVerdict } from './verdicts.ts';

/** How many retries a spec had when its last try began. */
const retries = new WeakMap<object, number>();
/** Specs that are expected to fail, and must not pass because the infrastructure did. */
const expected = new WeakSet<object>();

/** To be called before each try. A retry takes the place of what failed before it; a repetition does not. */
export function beginTry(spec: RunnerTestCase): void {
  const { retryCount = 0 } = spec.result ?? {};
  if (retryCount > (retries.get(spec) ?? 0)) clearVerdict(spec);
  retries.set(spec, retryCount);
  if (expected.delete(spec)) spec.fails = true;
}

/** Lets this try be a failure, also where the spec is expected to fail: that it could not run is not what was meant. */
export function failTry(spec: RunnerTestCase): void {
  if (spec.fails !== true) return;
  spec.fails = false;
  expected.add(spec);
}
