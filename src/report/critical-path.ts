/** The critical path of a start: the chain of needs that determined when all was ready. */
import type { Graph } from '../coordinator/state.ts';
import { duration } from './format.ts';
import type { ResourceSpan } from './times.ts';

/** The resources of the chain, the first to start first: each was what the next one waited for last. */
export function criticalPath(
  { resources }: Pick<Graph, 'resources'>,
  starts: readonly ResourceSpan[],
): readonly ResourceSpan[] {
  const before = (name: string): readonly ResourceSpan[] => {
    const needed = resources[name]?.needs ?? [];
    const last = latest(starts.filter((start) => needed.includes(start.name)));
    return last === undefined ? [] : [...before(last.name), last];
  };
  const last = latest(starts);
  return last === undefined ? [] : [...before(last.name), last];
}

/** `db 3.1s → api 1.0s`. */
export function pathText(path: readonly ResourceSpan[]): string {
  return path.map(({ name, from, to }) => `${name} ${duration(to - from)}`).join(' → ');
}

function latest(starts: readonly ResourceSpan[]): ResourceSpan | undefined {
  return starts.toSorted((a, b) => b.to - a.to)[0];
}
