import fc from 'fast-check';
import { expect, test } from 'vitest';
import { awaitHealth, check } from './health-commands.ts';
import { always, bringUp, command, inState, nth, type Model } from './model.ts';
import { rest, use } from './uses-commands.ts';
import { GRAPH, World } from './world.ts';

const elected = fc.constant(
  command(
    'elected',
    (model) => model.phase === 'electing',
    (model, world) => {
      world.dispatch({ kind: 'elected' });
      model.phase = 'open';
    },
  ),
);

const join = fc.constantFrom('runner' as const, 'worker' as const).map((role) =>
  command(
    `join ${role}`,
    (model) => model.phase !== 'stopping',
    (model, world) => {
      const lease = `L${world.nextId()}`;
      const taken = new Set([...model.members.values()].map(({ slot }) => slot).concat([...model.revoked.values()]));
      let lowest = 1;
      while (taken.has(lowest)) lowest += 1;
      world.dispatch({ kind: 'joined', lease, role, run: 'r', pid: 1 });
      model.members.set(lease, role === 'worker' ? { slot: lowest, frozen: false } : { frozen: false });
      expect(world.state.leases[lease]?.slot).toBe(role === 'worker' ? lowest : undefined);
    },
  ),
);

const leave = fc.nat().map((n) =>
  command(
    `leave ${n}`,
    (model) => model.members.size + model.revoked.size > 0,
    (model, world) => {
      const lease = nth([...model.members.keys(), ...model.revoked.keys()], n);
      if (lease === undefined) return;
      world.dispatch({ kind: 'left', lease });
      model.members.delete(lease);
      model.revoked.delete(lease);
    },
  ),
);

const wait = fc
  .tuple(
    fc.nat(),
    fc.subarray(Object.keys(GRAPH.resources)),
    fc.subarray(Object.keys(GRAPH.gates)),
    fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    fc.boolean(),
    fc.constantFrom('file' as const, undefined),
  )
  .map(([n, resources, gates, atLeast, limited, unit]) =>
    command(
      `wait ${resources.join()} ${gates.join()} ≥${atLeast}`,
      (model) => model.members.size > 0,
      (model, world) => {
        const member = nth([...model.members.keys()], n) ?? '';
        world.dispatch({
          kind: 'waiting',
          member,
          request: world.nextId(),
          resources,
          gates: gates.map((name) => (atLeast === undefined ? { name } : { name, atLeast })),
          ...(limited ? { timeout: 500 } : {}),
          ...(unit === undefined ? {} : { unit }),
        });
      },
    ),
  );

const finish = fc.nat().map((n) =>
  command(
    `finish ${n}`,
    (model) => model.members.size > 0,
    (model, world) => {
      const member = nth([...model.members.keys()], n) ?? '';
      const own = model.members.get(member);
      if (own !== undefined) own.finished = true;
      const effects = world.dispatch({ kind: 'finishing', member, request: world.nextId() });
      const others = [...model.members.values()].some(({ finished }) => finished !== true);
      const taken = effects.some((effect) => effect.do === 'clean' && effect.resource === 'suite');
      if (others || model.phase === 'stopping') {
        expect(effects, 'who is not the last is told so at once').toMatchObject([{ reply: { last: false } }]);
      } else if (taken) {
        expect(effects, 'the last is told when it is done').toHaveLength(1);
      }
    },
  ),
);

const inCut = (world: World, what: string): readonly string[] =>
  [...world.cut].flatMap(([slice, state]) => (state === what ? [slice] : []));

const sliceEnds = fc.tuple(fc.nat(), fc.boolean()).map(([n, ok]) =>
  command(`slice ${ok ? 'made' : 'failed'}`, always, (_model, world) => {
    const slice = nth(inCut(world, 'making'), n);
    if (slice === undefined) return;
    if (ok) {
      world.cut.set(slice, 'there');
      world.dispatch({ kind: 'slice.made', slice, endpoint: { port: 2 } });
    } else {
      world.cut.delete(slice);
      world.dispatch({ kind: 'slice.failed', slice, failure: { code: 'SLICE_FAILED', message: 'no room' } });
    }
  }),
);

const sliceIsLost = fc.nat().map((n) =>
  command('slice lost', always, (_model, world) => {
    const slice = nth([...inCut(world, 'making'), ...inCut(world, 'there')], n);
    if (slice === undefined) return;
    world.dispatch({ kind: 'slice.lost', slice, failure: { code: 'RESOURCE_EXITED', message: 'it was killed' } });
    expect(['dropping', 'doomed']).toContain(world.state.slices[slice]?.state);
  }),
);

const sliceGoes = fc.nat().map((n) =>
  command('slice dropped', always, (_model, world) => {
    const slice = nth(inCut(world, 'dropping'), n);
    if (slice === undefined) return;
    world.cut.delete(slice);
    world.dispatch({ kind: 'slice.dropped', slice });
  }),
);

const release = fc.nat().map((n) =>
  command(
    'release',
    (model) => model.members.size > 0,
    (model, world) => {
      const lease = nth([...model.members.keys()], n) ?? '';
      world.dispatch({ kind: 'released', lease, unit: 'file' });
      const left = Object.values(world.state.slices).filter(
        ({ lease: holder, unit, state }) => holder === lease && unit === 'file' && ['making', 'live'].includes(state),
      );
      expect(left, 'what was released is taken back').toEqual([]);
    },
  ),
);

const actOnSlices = fc.nat().map((n) =>
  command(
    'act on slices',
    (model) => model.members.size > 0,
    (model, world) => {
      const lease = nth([...model.members.keys()], n) ?? '';
      world.dispatch({ kind: 'slices.asked', member: lease, request: world.nextId(), lease, act: 'keep' });
    },
  ),
);

const outcome = fc.tuple(fc.nat(), fc.boolean()).map(([n, ok]) =>
  command(`start ends ${ok ? 'ready' : 'failed'}`, always, (_model, world) => {
    const resource = nth(inState(world, 'starting', 'reviving'), n);
    if (resource === undefined) return;
    world.infra.set(resource, ok ? 'up' : 'broken');
    if (ok) world.dispatch({ kind: 'ready', resource, endpoint: { port: 1 } });
    else world.dispatch({ kind: 'failed', resource, failure: { code: 'RESOURCE_EXITED', message: 'it exited' } });
  }),
);

const lose = fc.tuple(fc.nat(), fc.boolean()).map(([n, final]) =>
  command(`lose a ready resource${final ? ' for good' : ''}`, always, (_model, world) => {
    const resource = nth(inState(world, 'up'), n);
    if (resource === undefined) return;
    world.infra.set(resource, 'broken');
    world.dispatch({
      kind: 'failed',
      resource,
      failure: { code: 'RESOURCE_LOST', message: 'it is gone' },
      ...(final ? { final } : {}),
    });
  }),
);

const cleaned = fc.nat().map((n) =>
  command('a teardown is complete', always, (_model, world) => {
    const resource = nth(inState(world, 'cleaning'), n);
    if (resource === undefined) return;
    world.infra.set(resource, 'down');
    world.dispatch({ kind: 'cleaned', resource });
  }),
);

const gate = fc.tuple(fc.nat(), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })).map(([n, generation]) =>
  command(`gate passes at ${generation}`, always, (_model, world) => {
    const name = nth([...world.probed], n);
    if (name === undefined) return;
    world.dispatch({ kind: 'gate.passed', gate: name, ...(generation === undefined ? {} : { generation }) });
  }),
);

const refuse = fc.nat().map((n) =>
  command('gate refuses', always, (_model, world) => {
    const name = nth([...world.probed], n);
    if (name !== undefined) world.dispatch({ kind: 'gate.refused', gate: name, answer: 'not yet' });
  }),
);

const gateFails = fc.nat().map((n) =>
  command('gate cannot be probed', always, (_model, world) => {
    const name = nth([...world.probed], n);
    const failure = { code: 'CONFIG_HOST_LOST', message: 'it died' } as const;
    if (name !== undefined) world.dispatch({ kind: 'gate.failed', gate: name, failure });
  }),
);

const timer = fc.nat().map((n) =>
  command('a timer fires', always, (model, world) => {
    const name = nth([...world.timers], n);
    if (name === undefined) return;
    world.timers.delete(name);
    world.dispatch({ kind: 'timer', timer: name });
    if (name === 'linger') model.phase = 'stopping';
    const frozen = name.startsWith('frozen:') ? name.slice('frozen:'.length) : undefined;
    if (frozen !== undefined) {
      model.revoked.set(frozen, model.members.get(frozen)?.slot);
      model.members.delete(frozen);
      for (const id of world.unanswered) if (id.startsWith(`${frozen}:`)) world.unanswered.delete(id);
    }
  }),
);

const freeze = fc.tuple(fc.nat(), fc.boolean()).map(([n, stopped]) =>
  command(
    stopped ? 'freeze' : 'thaw',
    (model) => model.members.size > 0,
    (model, world) => {
      const lease = nth([...model.members.keys()], n) ?? '';
      world.dispatch({ kind: stopped ? 'frozen' : 'thawed', lease });
    },
  ),
);

const hold = fc.constant(
  command(
    'hold',
    (model) => model.phase !== 'stopping',
    (model, world) => {
      world.dispatch({ kind: 'hold', resources: ['api'] });
      model.hold = true;
    },
  ),
);

const retry = fc.constant(command('retry', always, (_model, world) => void world.dispatch({ kind: 'retry' })));

const stop = fc.constant(
  command('stop', always, (model, world) => {
    world.dispatch({ kind: 'stop', reason: 'asked to' });
    model.phase = 'stopping';
  }),
);

/** After any history, and with the world doing its part, a generation without members ends and leaves nothing. */
function windDown(world: World): void {
  if (world.state.phase === 'electing') world.dispatch({ kind: 'elected' });
  for (const lease of [...Object.keys(world.state.leases), ...Object.keys(world.state.quarantine)]) {
    world.dispatch({ kind: 'left', lease });
  }
  if (world.state.hold) world.dispatch({ kind: 'stop', reason: 'down' });
  if (world.timers.delete('linger')) world.dispatch({ kind: 'timer', timer: 'linger' });
  for (let cleaning = inState(world, 'cleaning'); cleaning.length > 0; cleaning = inState(world, 'cleaning')) {
    for (const resource of cleaning) {
      world.infra.set(resource, 'down');
      world.dispatch({ kind: 'cleaned', resource });
    }
  }
  expect(world.exited, `it ends; left: ${JSON.stringify([...world.infra])} ${world.state.phase}`).toBe(true);
}

/** It computes all the time, and waits for nothing. */
const COMPUTES_MS = 120_000;

test(
  'any history of events keeps the invariants, and every generation ends with nothing left',
  { timeout: COMPUTES_MS },
  () => {
    const commands = fc.commands(
      [
        elected,
        join,
        leave,
        wait,
        use,
        use,
        rest,
        finish,
        sliceEnds,
        sliceEnds,
        sliceGoes,
        sliceIsLost,
        actOnSlices,
        release,
        outcome,
        outcome,
        lose,
        check,
        check,
        awaitHealth,
        cleaned,
        gate,
        refuse,
        gateFails,
        timer,
        freeze,
        hold,
        retry,
        stop,
      ],
      // Without the size, fast-check takes ten at most, and hardly anything is ever ready.
      { maxCommands: 60, size: 'max' },
    );
    fc.assert(
      fc.property(commands, fc.boolean(), (history, isUp) => {
        const world = new World();
        const model: Model = { phase: 'electing', members: new Map(), revoked: new Map(), hold: false };
        if (isUp) bringUp(model, world);
        fc.modelRun(() => ({ model, real: world }), history);
        if (!world.exited) windDown(world);
      }),
      { numRuns: 500 },
    );
  },
);
