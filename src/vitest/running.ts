/** What a Vitest process is at. Its types do not have this. */
import type { Vitest } from 'vitest/node';
import { specsOf } from './worker/tasks.ts';

interface Internals {
  readonly runningPromise?: unknown;
  readonly isCancelling: boolean;
}

/** Whether a run is under way, from its global setup to its summary. */
export function isRunning(vitest: Vitest): boolean {
  return (vitest as unknown as Internals).runningPromise !== undefined;
}

/** Whether the present run has been cancelled. */
export function isCancelled(vitest: Vitest): boolean {
  return (vitest as unknown as Internals).isCancelling;
}

/** The specs that run just now, each with its file. */
export function runningSpecs(vitest: Vitest): readonly string[] {
  return vitest.state.getFiles().flatMap((file) =>
    specsOf(file)
      .filter(({ result }) => result?.state === 'run')
      .map(({ name }) => `${file.name}  ${name}`),
  );
}
