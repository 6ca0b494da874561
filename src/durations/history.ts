/** What was measured on this machine, run by run. */
import { median, type Durations } from './durations.ts';

/** Key of a spec file → how long it took in its last runs, in milliseconds, the latest last. */
export type History = ReadonlyMap<string, readonly number[]>;

/** So many runs count: one in which the machine was busy, or the infrastructure cold, does not decide. */
const KEPT = 5;

/** The history with one more run. `exists` says of a key whether its file is still there; others are forgotten. */
export function recorded(history: History, run: Durations, exists: (key: string) => boolean): History {
  const keys = new Set([...history.keys(), ...run.keys()].filter(exists));
  return new Map(
    [...keys].map((key) => {
      const measured = run.get(key);
      const before = history.get(key) ?? [];
      return [key, measured === undefined ? before : [...before, measured].slice(-KEPT)];
    }),
  );
}

/** What a file usually takes. */
export function typical(history: History): Durations {
  return new Map([...history].map(([key, values]) => [key, Math.round(median(values))]));
}
