/** Figures of exchanges, by resource and slot. Pure; times in milliseconds. */
import type { Exchange } from './exchange.ts';

export interface Metrics {
  readonly resource: string;
  /** Without it: of requests that are nobody's. */
  readonly slot?: number;
  readonly count: number;
  /** Those that did not come to their end, or were answered from 500 on. */
  readonly errors: number;
  /** Of the durations of those that have ended. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Of the times in which they waited for a turn. */
  readonly queuedP95: number;
  /** Per second, from the beginning of the first to the end of the last. */
  readonly rps: number;
}

/** In the order of resources and slots; what is nobody's comes last. */
export function metricsOf(exchanges: readonly Exchange[]): readonly Metrics[] {
  const groups = Map.groupBy(exchanges, ({ resource, slot }) => JSON.stringify([resource, slot ?? null]));
  return [...groups.values()]
    .flatMap(ofGroup)
    .toSorted((a, b) => a.resource.localeCompare(b.resource) || (a.slot ?? Infinity) - (b.slot ?? Infinity));
}

function ofGroup(group: readonly Exchange[]): Metrics | [] {
  const [one] = group;
  if (one === undefined) return [];
  const { resource, slot } = one;
  const durations = sorted(group.filter(({ end }) => end !== 'open').map(({ duration }) => duration));
  const from = group.reduce((first, { at }) => Math.min(first, at), Infinity);
  const to = group.reduce((last, { at, duration }) => Math.max(last, at + duration), 0);
  return {
    resource,
    ...(slot === undefined ? {} : { slot }),
    count: group.length,
    errors: group.filter(isError).length,
    p50: percentile(durations, 50),
    p95: percentile(durations, 95),
    p99: percentile(durations, 99),
    queuedP95: percentile(sorted(group.map(({ queued }) => queued)), 95),
    rps: to > from ? Math.round((group.length / (to - from)) * 10_000) / 10 : group.length,
  };
}

function isError({ end, status = 0 }: Exchange): boolean {
  return (end !== 'complete' && end !== 'open') || status >= 500;
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

/** The least value that so many percent do not exceed; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  return values[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)] ?? 0;
}
