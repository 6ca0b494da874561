/**
 * The asynchronous shell (dispatcher, edge, resource runs, undo) under a scheduler that decides in which order what
 * is under way ends: starts, stops, members' requests. Resources are `custom`, whose functions are the scheduled part.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dispatcher } from '../../../src/coordinator/dispatcher.ts';
import { Edge } from '../../../src/coordinator/edge.ts';
import { EventLog } from '../../../src/coordinator/event-log.ts';
import { Ledger } from '../../../src/coordinator/ledger.ts';
import { initialState } from '../../../src/coordinator/reducer.ts';
import type { GenerationFile } from '../../../src/protocol/generation-file.ts';
import type { Json, Plan } from '../../../src/protocol/plan.ts';

const NEEDS: Readonly<Record<string, readonly string[]>> = { db: [], llm: [], api: ['db', 'llm'] };
const NAMES = Object.keys(NEEDS);

type Life = 'down' | 'starting' | 'up' | 'half' | 'stopping';

/** What the functions of the config do, and whether they are called when they may be. */
class Functions {
  readonly life = new Map<string, Life>(NAMES.map((name) => [name, 'down']));
  private readonly scheduler: fc.Scheduler;
  private readonly failing: ReadonlySet<string>;

  constructor(scheduler: fc.Scheduler, failing: readonly string[]) {
    this.scheduler = scheduler;
    this.failing = new Set(failing);
  }

  async call(path: string): Promise<Json> {
    const [name = '', what] = path.split('.');
    const life = this.life.get(name);
    if (what === 'start') {
      expect(life, `start of ${name}`).toBe('down');
      for (const need of NEEDS[name] ?? []) expect(this.life.get(need), `${need}, which ${name} needs`).toBe('up');
      this.life.set(name, 'starting');
      await this.scheduler.schedule(Promise.resolve(), `start ${name}`);
      this.life.set(name, this.failing.has(name) ? 'half' : 'up');
      if (this.failing.has(name)) throw new Error(`${name} cannot start`);
      return { url: `x://${name}` };
    }
    expect(['up', 'half'], `stop of ${name}, which was made and is not being stopped`).toContain(life);
    for (const other of NAMES.filter((candidate) => NEEDS[candidate]?.includes(name))) {
      expect(this.life.get(other), `${other} is down before ${name}, which it needs, is stopped`).toBe('down');
    }
    this.life.set(name, 'stopping');
    await this.scheduler.schedule(Promise.resolve(), `stop ${name}`);
    this.life.set(name, 'down');
    return null;
  }
}

function planOf(root: string): Plan {
  const resources = Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        kind: 'custom',
        type: 'service' as const,
        needs: Object.fromEntries((NEEDS[name] ?? []).map((need) => [need, need])),
        options: { start: { $function: `${name}.start` }, stop: { $function: `${name}.stop` } },
        startTimeout: 60_000,
        stopTimeout: 60_000,
      },
    ]),
  );
  const paths = { key: 'k', configHash: 'h', configFile: 'c', root };
  return { ...paths, linger: 0, leaseTimeout: 60_000, env: {}, resources, gates: {} };
}

const step = fc.oneof(
  fc.record({ act: fc.constant('join' as const), wants: fc.subarray(NAMES, { minLength: 1 }) }),
  fc.record({ act: fc.constant('leave' as const) }),
  fc.record({ act: fc.constant('retry' as const) }),
  fc.record({ act: fc.constant('stop' as const) }),
);

test('however starts, stops and members interleave: in order, once, answered, and down at the end', async () => {
  const root = mkdtempSync(join(tmpdir(), 'gr-shell-'));
  mkdirSync(join(root, 'logs'));
  const ledger = new Ledger(join(root, 'ledger'));
  const scenario = fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 6 }), failing: fc.subarray(NAMES) });
  try {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, { steps, failing }) => {
        const functions = new Functions(scheduler, failing);
        const plan = planOf(root);
        const generation = { key: 'k', generation: 1, nonce: 'n', logDir: join(root, 'logs') } as GenerationFile;
        const graph = {
          linger: plan.linger,
          leaseTimeout: plan.leaseTimeout,
          resources: Object.fromEntries(NAMES.map((name) => [name, { needs: NEEDS[name] ?? [] }])),
          gates: {},
        };
        const dispatcher = new Dispatcher(initialState(graph), new EventLog('/nonexistent', () => undefined));
        const exited = Promise.withResolvers<void>();
        const unanswered = new Set<string>();
        const answered = (member: string, request: number): void => {
          expect(unanswered.delete(`${member}:${request}`), `${member}:${request} is answered once`).toBe(true);
        };
        const violations: unknown[] = [];
        const edge = new Edge(
          {
            plan,
            generation,
            ledger,
            note: () => undefined,
            endpoints: () => ({}),
            expectedWorkers: () => undefined,
            flushed: () => undefined,
            built: () => undefined,
            call: ({ $function }) =>
              functions.call($function).catch((error: unknown) => {
                if (error instanceof Error && error.name === 'AssertionError') violations.push(error);
                throw error;
              }),
          },
          dispatcher,
          {
            reply: (member, request) => answered(member, request),
            fail: (member, request) => answered(member, request),
            changed: () => undefined,
            dismiss: () => undefined,
            closeDoor: () => undefined,
            exit: () => exited.resolve(),
          },
        );
        dispatcher.carryOut = (effect) => edge.carryOut(effect);
        dispatcher.dispatch({ kind: 'elected' });

        const members: string[] = [];
        let next = 0;
        const act = (one: (typeof steps)[number]): void => {
          next += 1;
          if (one.act === 'join') {
            if (dispatcher.state.phase === 'stopping' || dispatcher.state.phase === 'stopped') return;
            const lease = `L${next}`;
            members.push(lease);
            dispatcher.dispatch({ kind: 'joined', lease, role: 'runner', run: 'r', pid: 1 });
            unanswered.add(`${lease}:${next}`);
            dispatcher.dispatch({ kind: 'waiting', member: lease, request: next, resources: one.wants, gates: [] });
          } else if (one.act === 'leave') {
            const lease = members.shift();
            if (lease === undefined) return;
            for (const id of unanswered) if (id.startsWith(`${lease}:`)) unanswered.delete(id);
            dispatcher.dispatch({ kind: 'left', lease });
          } else if (one.act === 'retry') dispatcher.dispatch({ kind: 'retry' });
          else dispatcher.dispatch({ kind: 'stop', reason: 'asked to' });
        };
        const acts = scheduler.scheduleSequence(
          steps.map((one) => ({ label: one.act, builder: () => Promise.resolve(act(one)) })),
        );
        await scheduler.waitFor(acts.task);
        for (const lease of members.splice(0)) {
          for (const id of unanswered) if (id.startsWith(`${lease}:`)) unanswered.delete(id);
          dispatcher.dispatch({ kind: 'left', lease });
        }
        dispatcher.dispatch({ kind: 'stop', reason: 'the end' });
        await scheduler.waitFor(exited.promise);
        expect(violations).toEqual([]);
        expect(unanswered).toEqual(new Set());
        expect([...functions.life.values()]).toEqual(NAMES.map(() => 'down'));
      }),
      { numRuns: 300 },
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});
