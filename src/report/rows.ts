/** A resource or gate as one row of a table: the words that plain lines and the live board share. */
import { gateOfAll } from '../coordinator/gate-keys.ts';
import type { GateState, ResourceState, State } from '../coordinator/state.ts';
import { type Failure, rootCause } from '../protocol/failure.ts';
import type { Endpoint } from '../protocol/plan.ts';
import type { Progress } from './fold.ts';
import { buildText } from './builds.ts';
import { address, oneLine } from './format.ts';

/** How a row is to be read at a glance. */
export type Tone = 'good' | 'busy' | 'idle' | 'bad';

export interface Row {
  readonly name: string;
  /** The state, in one word. */
  readonly word: string;
  readonly tone: Tone;
  /** Milliseconds: how long it took, or how long it has been going on. */
  readonly ms?: number;
  readonly detail: string;
}

const TONES: Readonly<Record<ResourceState['state'] | GateState['state'], Tone>> = {
  declared: 'idle',
  starting: 'busy',
  ready: 'good',
  unhealthy: 'busy',
  failed: 'bad',
  restarting: 'busy',
  resting: 'busy',
  stopping: 'busy',
  stopped: 'idle',
  closed: 'idle',
  probing: 'busy',
  open: 'good',
  advancing: 'busy',
};

/** Everything somebody asked for, in the order of the config, gates last. */
export function rows(progress: Progress, now: number): Row[] {
  const { state } = progress;
  const resources = Object.keys(state.resources).filter((name) => state.wanted.includes(name));
  const gates = Object.keys(state.graph.gates).filter((name) => waitedSince(state, name) !== undefined);
  return [
    ...resources.map((name) => resourceRow(progress, name, now)),
    ...gates.map((name) => gateRow(progress, name, now)),
  ];
}

/** One resource. */
export function resourceRow(progress: Progress, name: string, now: number): Row {
  const resource = progress.state.resources[name] ?? { state: 'declared' };
  const base = { name, word: resource.state, tone: TONES[resource.state] };
  switch (resource.state) {
    case 'declared':
      return { ...base, word: 'waiting', detail: lacking(progress.state, name) };
    case 'starting':
      return { ...base, ms: now - resource.since, detail: oneLine(progress.notes[name] ?? '') };
    case 'ready':
      return { ...base, ms: resource.took, detail: readyDetail(progress, name, resource.endpoint, now) };
    case 'failed':
    case 'unhealthy':
    case 'restarting':
      return { ...base, detail: oneLine(reason(resource.failure)) };
    case 'resting':
    case 'stopping':
    case 'stopped':
      return { ...base, detail: '' };
  }
}

function readyDetail({ state, lasting }: Progress, name: string, endpoint: Endpoint, now: number): string {
  const { graph, builds } = state;
  const fact = builds[name];
  if (fact !== undefined) return buildText(fact, now);
  const where = graph.resources[name]?.scope === 'worker' ? 'one for each worker' : address(endpoint);
  return [where, lasting[name]].filter((text) => text !== undefined && text !== '').join('; ');
}

/** One gate. Its time is that of whoever has waited for it longest. */
export function gateRow({ state }: Progress, name: string, now: number): Row {
  const gate = gateOfAll(state, name);
  const since = waitedSince(state, name);
  const base = {
    name: `gate ${name}`,
    word: gate.state,
    tone: TONES[gate.state],
    ...(since === undefined ? {} : { ms: now - since }),
  };
  switch (gate.state) {
    case 'closed':
      return { ...base, detail: lacking(state, name) };
    case 'probing':
      return { ...base, detail: oneLine(gate.answer ?? '') };
    case 'open':
      return { ...base, detail: generation(gate.generation) };
    case 'advancing':
      return { ...base, detail: [generation(gate.generation), oneLine(gate.answer ?? '')].filter(Boolean).join(': ') };
  }
}

/** Of a resource that was not started for another's sake only that: the other one's row says the rest. */
function reason(failure: Failure): string {
  const root = rootCause(failure);
  if (failure.code !== 'DEPENDENCY_FAILED' || root.subject === undefined) return root.message;
  return `not started, because ${root.subject} failed`;
}

function generation(number: number | undefined): string {
  return number === undefined ? '' : `generation ${number}`;
}

function waitedSince(state: State, gate: string): number | undefined {
  const since = state.waiters
    .filter(({ gates }) => gates.some(({ name }) => name === gate))
    .map((waiter) => waiter.since);
  return since.length === 0 ? undefined : Math.min(...since);
}

function lacking(state: State, name: string): string {
  const needs = state.graph.resources[name]?.needs ?? state.graph.gates[name]?.needs ?? [];
  const missing = needs.filter((need) => state.resources[need]?.state !== 'ready');
  return missing.length === 0 ? '' : `needs ${missing.join(', ')}`;
}
