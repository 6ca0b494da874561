import { round } from './row.ts';

/** The value below which a fraction of the samples lies; nearest rank. */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** `p50 0.2, p90 0.4, max 1.9 ms of 200`. */
export function spread(samples: readonly number[]): string {
  const [p50, p90, max] = [0.5, 0.9, 1].map((fraction) => round(percentile(samples, fraction)));
  return `p50 ${p50}, p90 ${p90}, max ${max} ms of ${samples.length}`;
}

/** Milliseconds an asynchronous step takes. */
export async function timed(step: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await step();
  return performance.now() - before;
}

/** Milliseconds since the epoch with fractions: comparable between processes of one machine. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}

/** `times` results, one after the other. */
export async function repeat<T>(times: number, step: (round: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await step(index));
  return results;
}
