import type { Needs } from '../resources/define.ts';
import type { Probe } from '../resources/probes/define.ts';
import { capacityElsewhere, gateHasNoLog, gateProbeOfNothing, unknownAlias } from './errors.ts';

/** A probe may ask only what its owner needs, by the alias it has there. */
export function checkProbe(what: string, needs: Needs, probe: unknown): void {
  for (const { of } of simpleProbes(probe)) {
    if (of !== undefined && !Object.hasOwn(needs, of)) throw unknownAlias(what, of, Object.keys(needs));
  }
}

/** A gate has no endpoint and no log of its own, so that its probe must say what it asks. */
export function checkGateProbe(path: string, probe: unknown): void {
  for (const { kind, of } of simpleProbes(probe)) {
    if (kind === 'log') throw gateHasNoLog(path);
    if (['tcp', 'http', 'sql', 'redis'].includes(kind) && of === undefined) throw gateProbeOfNothing(path, kind);
  }
}

/** How many connections a server takes depends on the run; only a gate knows of one, and what it proved is its own. */
export function checkCapacity(path: string, probe: unknown): void {
  const isWhole = path.startsWith('gates.') && (probe as Probe | undefined)?.probe === 'capacity';
  if (!isWhole && simpleProbes(probe).some(({ kind }) => kind === 'capacity')) throw capacityElsewhere(path);
}

/** The probes in a probe: those that `all` and `any` hold, at any depth, or itself. */
function simpleProbes(value: unknown): { readonly kind: string; readonly of: string | undefined }[] {
  if (typeof value !== 'object' || value === null || !('probe' in value)) return [];
  const probe = value as Probe;
  if (probe.probe === 'all' || probe.probe === 'any') return probe.of.flatMap(simpleProbes);
  return [{ kind: probe.probe, of: 'of' in probe && typeof probe.of === 'string' ? probe.of : undefined }];
}
