/** What the events of one generation prove. Pure: events in, claims out. */
import type { Event } from '../../src/coordinator/events.ts';
import { count, duration } from '../../src/report/format.ts';
import type { SpecRun } from './specs.ts';

/** One thing the example shows, and whether it is so. */
export interface Claim {
  readonly holds: boolean;
  readonly claim: string;
  readonly detail: string;
}

type Of<K extends Event['kind']> = Extract<Event, { kind: K }>;

/** Each resource became ready exactly once, for all workers together; what each has of its own is told beside it. */
export function startedOnce(events: readonly Event[], generations: number): Claim {
  const ready = of(events, 'ready');
  const names = [...new Set(ready.map((event) => event.resource))];
  const [first, last] = [of(events, 'joined')[0], ready.at(-1)];
  const took = first && last ? `, all ready after ${duration(last.at - first.at)}` : '';
  return {
    holds: generations === 1 && names.length > 0 && ready.length === names.length,
    claim: 'infrastructure started once',
    detail: `${names.join(', ')}${took}`,
  };
}

/** No database or service of a worker's own was ever another's. */
export function ownParts(events: readonly Event[], files: number): Claim {
  const urls = of(events, 'slice.made').map(({ endpoint }) => endpoint.url);
  const distinct = new Set(urls).size;
  return {
    holds: urls.length > 0 && distinct === urls.length && urls.length % files === 0,
    claim: 'each worker had its own',
    detail: `${count(distinct / files, 'part')} for each of ${files}, ${distinct} in all`,
  };
}

/** The workers used it at the same time. */
export function leasesAtThePeak(events: readonly Event[]): Claim {
  const live = new Map<string, string>();
  let peak: readonly string[] = [];
  for (const event of events) {
    if (event.kind === 'joined') live.set(event.lease, event.role);
    if (event.kind === 'left') live.delete(event.lease);
    if (live.size > peak.length) peak = [...live.values()];
  }
  const workers = peak.filter((role) => role === 'worker').length;
  return {
    holds: workers > 1,
    claim: `${count(peak.length, 'lease')} at the peak`,
    detail: `the main process and ${count(workers, 'worker')}`,
  };
}

/** Files that asked for the gate before it opened had to wait until it did. */
export function heldAtTheGate(events: readonly Event[], gate: string, files: number): Claim {
  const asked = of(events, 'waiting').filter((event) => event.gates.some(({ name }) => name === gate));
  const held = asked.flatMap(({ member, lease = member, at }) => {
    const opened = of(events, 'gate.passed').find((event) => event.gate === `${gate}@${lease}`);
    return opened !== undefined && at < opened.at ? [opened.at - at] : [];
  });
  const longest = Math.max(0, ...held);
  return {
    holds: asked.length === files && held.length > 0,
    claim: `${held.length} of ${count(files, 'file')} held at the gate`,
    detail: `for up to ${duration(longest)}, until gate ${gate} of their service opened`,
  };
}

/** Every spec of every file passed, each file in a worker of its own. */
export function allPassed(events: readonly Event[], { files, passed }: SpecRun): Claim {
  const workers = of(events, 'joined').filter((event) => event.role === 'worker').length;
  return {
    holds: passed && workers === files,
    claim: passed ? 'all specs passed' : 'specs failed',
    detail: `${count(files, 'file')}, each in a process of its own`,
  };
}

/** Nothing was torn down while a worker still held a lease. */
export function tornDownLast(events: readonly Event[]): Claim {
  const workers = new Set(of(events, 'joined').flatMap((event) => (event.role === 'worker' ? [event.lease] : [])));
  const lastLeft = of(events, 'left').findLast((event) => workers.has(event.lease));
  const cleaned = of(events, 'cleaned');
  const [first] = cleaned;
  const after = first && lastLeft ? first.at - lastLeft.at : 0;
  return {
    holds:
      first !== undefined &&
      lastLeft !== undefined &&
      events.indexOf(lastLeft) < events.indexOf(first) &&
      of(events, 'left').filter((event) => workers.has(event.lease)).length === workers.size,
    claim: 'teardown after the last worker',
    detail: `${cleaned.map((event) => event.resource).join(', ')}; the first ${duration(after)} after it left`,
  };
}

function of<K extends Event['kind']>(events: readonly Event[], kind: K): readonly Of<K>[] {
  return events.filter((event): event is Of<K> => event.kind === kind);
}
