/** `greenroom traffic`: what the gateways have seen, of the generation that is up or else of the last one. */
import type { CAC } from 'cac';
import { guessed } from '../../config/unknown-name.ts';
import { findingsOf } from '../../gateway/findings.ts';
import { metricsOf, type Metrics } from '../../gateway/metrics.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import { columns } from '../../report/format.ts';
import { OK } from '../exit-codes.ts';
import { lastGeneration } from '../last-generation.ts';
import { print } from '../print.ts';
import { recordsIn } from '../records.ts';
import { text, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command('traffic [resource]', 'Print what the gateways of resources have seen, and what went wrong there')
    .option('--json', 'As a JSON object')
    .action(traffic);
}

function traffic(resource: string | undefined, options: Flags): number {
  const all = recordsIn(lastGeneration(text('config', options['config'])).dir);
  const known = [...new Set(all.map((exchange) => exchange.resource))].toSorted();
  if (resource !== undefined && !known.includes(resource)) throw noTraffic(resource, known);
  const isAsked = (one: { readonly resource: string }): boolean => resource === undefined || one.resource === resource;
  const metrics = metricsOf(all).filter(isAsked);
  // Over all of them: a request may have passed more than one.
  const findings = findingsOf(all).filter(isAsked);
  if (options['json'] === true) {
    print(JSON.stringify({ metrics, findings }, null, 2));
    return OK;
  }
  if (metrics.length === 0) print('no gateway has seen anything');
  else columns([HEAD, ...metrics.map(row)]).forEach(print);
  findings.forEach((finding) => print(`${finding.code}: ${finding.text}`));
  return OK;
}

const HEAD = ['resource', 'slot', 'count', 'errors', 'p50', 'p95', 'p99', 'queued', 'per second'];

function row({ resource, slot, count, errors, p50, p95, p99, queuedP95, rps }: Metrics): readonly string[] {
  const times = [p50, p95, p99, queuedP95].map((ms) => `${ms.toFixed(1)} ms`);
  return [resource, slot === undefined ? 'nobody' : String(slot), String(count), String(errors), ...times, String(rps)];
}

function noTraffic(resource: string, known: readonly string[]): GreenroomError {
  return new GreenroomError({
    code: 'UNKNOWN_RESOURCE',
    message: `no gateway of \`${resource}\` has seen anything${guessed(resource, known)}`,
    hint:
      known.length === 0
        ? 'give the resource one in greenroom.config.ts: `gateway: {}`'
        : `there are records of ${known.join(', ')}`,
  });
}
