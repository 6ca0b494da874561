/** The picture of one generation that `greenroom status` prints. */
import { gateOfAll } from '../coordinator/gate-keys.ts';
import type { GateState, Lease, State } from '../coordinator/state.ts';
import { systemHealth } from '../health/breaker.ts';
import { rootCause } from '../protocol/failure.ts';
import { begin } from './fold.ts';
import { clock, columns, duration, oneLine } from './format.ts';
import { incidentSubject } from './incident.ts';
import { gateRow, resourceRow } from './rows.ts';

/** As many as are shown; `--json` has all. */
const INCIDENTS_MOST = 5;

/** What the generation file knows and the state does not. */
export interface GenerationFacts {
  readonly key: string;
  readonly generation: number;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly configFile: string;
}

/** A heading, then one table each for resources, gates, incidents and leases. */
export function statusLines(facts: GenerationFacts, state: State, now: number): string[] {
  return [
    heading(facts, state, now),
    '',
    ...resources(state, now),
    ...gates(state, now),
    ...incidents(state, now),
    ...leases(state, now),
  ];
}

function heading({ pid, at, generation, key, configFile }: GenerationFacts, state: State, now: number): string {
  const parts = [
    `coordinator pid ${pid}`,
    state.phase,
    systemHealth(state.resources),
    `up ${duration(now - at)}`,
    `generation ${generation} of ${key}`,
    configFile,
  ];
  return [...parts, staying(state)].join(' · ');
}

function staying({ hold, graph, stopReason }: State): string {
  if (stopReason !== undefined) return `stopping: ${stopReason}`;
  return hold ? 'held until `greenroom down`' : `ends ${duration(graph.linger)} after the last lease`;
}

function resources(state: State, now: number): string[] {
  const table = Object.entries(state.resources).map(([name, resource]) => {
    const row = resourceRow(begin(state), name, now);
    const since = resource.state === 'ready' || resource.state === 'starting' ? duration(now - resource.since) : '';
    return [name, resource.state, since, String(state.epochs[name] ?? 0), row.detail];
  });
  return columns([['RESOURCE', 'STATE', 'FOR', 'STARTS', 'DETAIL'], ...table]);
}

function gates(state: State, now: number): string[] {
  const table = Object.keys(state.graph.gates).map((name) => {
    const row = gateRow(begin(state), name, now);
    const waiting = state.waiters.filter((waiter) => waiter.gates.some((asked) => asked.name === name)).length;
    return [
      name,
      row.word,
      String(waiting),
      row.detail === '' && waiting === 0 ? unasked(gateOfAll(state, name)) : row.detail,
    ];
  });
  return table.length === 0 ? [] : ['', ...columns([['GATE', 'STATE', 'WAITING', 'DETAIL'], ...table])];
}

/** A gate is probed for those who wait for it; without them it is closed even where its probe would pass. */
function unasked({ state }: GateState): string {
  return state === 'closed' ? 'not probed: nobody waits for it' : '';
}

/** The newest last, as in a log. */
function incidents(state: State, now: number): string[] {
  const table = state.incidents.slice(-INCIDENTS_MOST).map((incident) => {
    const { id, from, until, restarts, failure } = incident;
    const time = until === undefined ? `${duration(now - from)} so far` : duration(until - from);
    return [id, incidentSubject(incident), clock(from), time, String(restarts), oneLine(rootCause(failure).message)];
  });
  return table.length === 0
    ? []
    : ['', ...columns([['INCIDENT', 'RESOURCE', 'FROM', 'FOR', 'RESTARTS', 'CAUSE'], ...table])];
}

function leases(state: State, now: number): string[] {
  const table = Object.entries(state.leases).map(([id, lease]) => [
    id,
    holder(lease),
    String(lease.pid),
    lease.slot === undefined ? '-' : String(lease.slot),
    duration(now - lease.since),
    lease.frozenSince === undefined ? '' : `frozen for ${duration(now - lease.frozenSince)}`,
  ]);
  if (table.length === 0) return ['', 'no leases'];
  return ['', ...columns([['LEASE', 'HOLDER', 'PID', 'SLOT', 'HELD', ''], ...table])];
}

/** `runner of run 7f3a` */
function holder({ role, run }: Lease): string {
  return `${role} of run ${run}`;
}
