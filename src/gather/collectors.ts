import type { Collector } from './collector.ts';
import { config } from './collectors/config.ts';
import { events } from './collectors/events.ts';
import { lateStarts, logCollectors } from './collectors/logs.ts';
import { probes } from './collectors/probes.ts';
import { processes, sockets } from './collectors/processes.ts';
import { members, state } from './collectors/state.ts';
import { times } from './collectors/times.ts';
import { versions } from './collectors/versions.ts';

/** All that a bundle is made of. What a new resource kind adds, such as the inspection of its containers, goes here. */
export function collectorsOf(logDir: string): readonly Collector[] {
  // What may change soonest comes first.
  return [
    processes,
    sockets,
    members,
    state,
    probes,
    times,
    events,
    config,
    versions,
    lateStarts,
    ...logCollectors(logDir),
  ];
}
