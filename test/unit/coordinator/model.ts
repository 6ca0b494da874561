import type fc from 'fast-check';
import { expect } from 'vitest';
import { GRAPH, type World } from './world.ts';

/**
 * The model: who uses the generation, in plain sets. It knows nothing of graphs, waiters or timers; it only says when
 * the generation may stop, and which slot a worker must get.
 */
export interface Model {
  phase: 'electing' | 'open' | 'draining' | 'stopping';
  members: Map<string, { slot?: number; frozen: boolean; finished?: boolean }>;
  revoked: Map<string, number | undefined>;
  hold: boolean;
}

export type Command = fc.Command<Model, World>;

const inUse = (model: Model): boolean => model.members.size > 0 || model.hold;

function agree(model: Model, world: World): void {
  if (model.phase === 'open' && !inUse(model)) model.phase = 'draining';
  if (model.phase === 'draining' && inUse(model)) model.phase = 'open';
  const { state } = world;
  expect(state.phase === 'stopped' ? 'stopping' : state.phase).toBe(model.phase);
  expect(world.doorOpen).toBe(model.phase !== 'stopping');
  if (model.phase === 'draining') expect(world.timers).toContain('linger');
  else expect(world.timers).not.toContain('linger');
  if (model.phase !== 'stopping')
    expect(Object.keys(state.leases).toSorted()).toEqual([...model.members.keys()].toSorted());
  const slots = [
    ...Object.values(state.leases).flatMap((lease) => lease.slot ?? []),
    ...Object.values(state.quarantine),
  ];
  expect(new Set(slots).size, 'no slot has two holders').toBe(slots.length);
  const held = Object.values(state.slices)
    .filter((slice) => slice.state === 'making' || slice.state === 'live')
    .map(({ lease, resource }) => `${lease} ${resource}`);
  expect(new Set(held).size, 'no lease has two slices of one resource').toBe(held.length);
  for (const [slice, { lease, state: now }] of Object.entries(state.slices)) {
    if (now === 'doomed') expect(['making', 'there'], `slice ${slice}`).toContain(world.cut.get(slice));
    else expect(world.cut.get(slice), `slice ${slice}`).toBe(now === 'live' ? 'there' : now);
    if (now === 'making' || now === 'live')
      expect(model.members.get(lease)?.slot, 'who has a slice has a slot').toBeDefined();
  }
  for (const [name, resource] of Object.entries(state.resources)) {
    const open = state.incidents.filter((one) => one.resource === name && one.lease === undefined && !('until' in one));
    const unwell = resource.state === 'unhealthy' || (resource.state === 'restarting' && resource.before !== undefined);
    expect(open.length, `incidents of ${name}, which is ${resource.state}`).toBeLessThanOrEqual(
      resource.state === 'ready' ? 0 : 1,
    );
    if (unwell) expect(open, `${name} is ${resource.state}`).toHaveLength(1);
    if (unwell && model.phase !== 'stopping') expect(world.timers, 'healing has a deadline').toContain(`heal:${name}`);
    if (resource.state === 'ready') expect(world.timers, `${name} is well`).not.toContain(`heal:${name}`);
    const { max = 0 } = GRAPH.resources[name]?.restart ?? {};
    // The world's clock counts events, so that no restart is ever forgotten.
    expect(state.health[name]?.restarts.length ?? 0, `restarts of ${name}`).toBeLessThanOrEqual(max);
  }
  agreeOnWaits(world);
  expect(new Set(state.incidents.map(({ id }) => id)).size, 'each incident has a number').toBe(state.incidents.length);
  expect(JSON.parse(JSON.stringify(state)), 'the state is JSON').toEqual(state);
}

function agreeOnWaits({ state, timers, uses }: World): void {
  const waiting = state.waiters.map(({ id }) => `wait:${id}`);
  const stray = [...timers].filter(
    (timer) => timer.startsWith('wait:') && !waiting.some((id) => timer === id || timer.startsWith(`${id}:`)),
  );
  expect(stray, 'nothing is timed for who waits no more').toEqual([]);
  for (const { id, member, request, held } of state.waiters) {
    if (held !== true) continue;
    expect(timers, 'who is held has a deadline').toContain(`wait:${id}`);
    expect(uses.inTheWay(member, request), `${id} is held for somebody`).toBe(true);
  }
}

export const command = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, world: World) => void,
): Command => ({
  check: (model) => check(model),
  run: (model, world) => {
    if (world.exited) return;
    run(model, world);
    agree(model, world);
  },
  toString: () => name,
});

export const always = (): boolean => true;
export const nth = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];
export const inState = (world: World, ...states: string[]): readonly string[] =>
  [...world.infra].flatMap(([name, state]) => (states.includes(state) ? [name] : []));

/**
 * A generation with a runner, for which everything is up, and two workers: most of what can go wrong only can from
 * there.
 */
export function bringUp(model: Model, world: World): void {
  world.dispatch({ kind: 'elected' });
  world.dispatch({ kind: 'joined', lease: 'L0', role: 'runner', run: 'r', pid: 1 });
  model.phase = 'open';
  model.members.set('L0', { frozen: false });
  for (const [lease, slot] of [
    ['L-a', 1],
    ['L-b', 2],
  ] as const) {
    world.dispatch({ kind: 'joined', lease, role: 'worker', run: 'r', pid: 1 });
    model.members.set(lease, { slot, frozen: false });
  }
  const resources = Object.keys(GRAPH.resources);
  world.dispatch({ kind: 'waiting', member: 'L0', request: world.nextId(), resources, gates: [] });
  for (let starting = inState(world, 'starting'); starting.length > 0; starting = inState(world, 'starting')) {
    for (const resource of starting) {
      world.infra.set(resource, 'up');
      world.dispatch({ kind: 'ready', resource, endpoint: { port: 1 } });
    }
  }
}
