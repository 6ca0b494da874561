/** What a failed spec is told of its traffic. Pure. */
import type { Exchange } from './exchange.ts';
import { findingsOf } from './findings.ts';
import { percentile } from './metrics.ts';

/**
 * Some lines on what reached one resource, in front of which a gateway is: how much, and what went wrong.
 *
 * @param exchanges of the spec
 */
export function evidenceOf(resource: string, exchanges: readonly Exchange[]): readonly string[] {
  if (exchanges.length === 0) return [`0 requests reached ${resource} from this spec`];
  const findings = findingsOf(exchanges).map(({ code, text }) => `${text} [${code}]`);
  return [summary(resource, exchanges), ...findings];
}

function summary(resource: string, exchanges: readonly Exchange[]): string {
  const outcomes = Map.groupBy(exchanges, outcome);
  const counts = [...outcomes].map(([name, of]) => `${of.length} × ${name}`).join(', ');
  const p95 = percentile(
    exchanges.map(({ duration }) => duration).toSorted((a, b) => a - b),
    95,
  );
  const many = exchanges.length === 1 ? '1 request' : `${exchanges.length} requests`;
  return `${many} reached ${resource} from this spec: ${counts}; p95 ${Math.round(p95)} ms`;
}

function outcome({ end, status, fault }: Exchange): string {
  const by = fault === undefined ? '' : ` by the fault \`${fault}\``;
  const told = status === undefined ? '' : `${status}`;
  switch (end) {
    case 'complete':
      return `${told === '' ? 'connection' : told}${by}`;
    case 'open':
      return `not answered yet${by}`;
    case 'client-gone':
      return `given up by the client${told === '' ? '' : ` after ${told}`}${by}`;
    case 'server-gone':
      return `not answered by the server${by}`;
    case 'truncated':
      return `${told} broken off${by}`.trimStart();
    case 'refused':
      return `refused${told === '' ? '' : ` with ${told}`}${by}`;
  }
}
