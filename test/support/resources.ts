/**
 * Starts one resource as the coordinator does: by its driver, in the coordinator's own context, with a ledger. What
 * another part does is the only thing that differs: functions of the config run here, not in a config host.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { NewEvent } from '../../src/coordinator/events.ts';
import { Ledger, readLedger } from '../../src/coordinator/ledger.ts';
import { ResourceRun } from '../../src/coordinator/resource-run.ts';
import { normalise } from '../../src/config/normalise.ts';
import type { Problem } from '../../src/config/problems.ts';
import { functionAt } from '../../src/config/resolve.ts';
import { processInfo } from '../../src/platform/identity.ts';
import type { BuildFact } from '../../src/protocol/build.ts';
import { GreenroomError, type Failure } from '../../src/protocol/failure.ts';
import type { GenerationFile } from '../../src/protocol/generation-file.ts';
import type { Endpoint, Endpoints, Json, Plan, ResourcePlan } from '../../src/protocol/plan.ts';
import type { Resource } from '../../src/resources/define.ts';
import { optionSchemas } from '../../src/resources/schemas.ts';

export interface Given {
  /** Endpoints of what it needs, by alias. */
  readonly needs?: Endpoints;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Directory of the config file. */
  readonly root?: string;
  /** Of the infrastructure, default `test`, and of its generation, default 1. */
  readonly key?: string;
  readonly generation?: number;
  /** How many workers the config names. */
  readonly workers?: number;
  /** The test stops it itself; by default it is stopped with the test that started it. */
  readonly keep?: boolean;
}

export interface Started<E extends Endpoint = Endpoint> {
  /** Where it ended up; a failed one is torn down already. */
  readonly endpoint?: E;
  readonly failure?: Failure;
  readonly logFile: string;
  /** Processes that the ledger lists. */
  readonly pids: readonly number[];
  /** The next event of the resource after it was ready. */
  readonly lost: Promise<Failure>;
  readonly notes: readonly string[];
  readonly builds: readonly BuildFact[];
  /** Tears it down and checks that nothing of it is left. */
  stop(): Promise<void>;
}

/** A project directory of its own, removed with the test. */
export function projectDir(): string {
  const dir = makeDir();
  onTestFinished(() => removeDir(dir));
  return dir;
}

const makeDir = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'gr-resource-')));
const removeDir = (dir: string): void => rmSync(dir, { recursive: true, force: true });

/** The plan of a resource value, checked by its schema as the config layer does. */
export function planOf(value: Resource): ResourcePlan {
  const problems: Problem[] = [];
  optionSchemas[value.kind]?.parse(value.options);
  const options = normalise(value.options, ['options'], problems) as ResourcePlan['options'];
  expect(problems).toEqual([]);
  const { kind, type, startTimeout, stopTimeout } = value;
  return { kind, type, needs: {}, options, startTimeout, stopTimeout };
}

/** Starts a resource, waits until it is ready or has failed, and tears it down with the test. */
export async function startResource<E extends Endpoint>(value: Resource<E>, given: Given = {}): Promise<Started<E>> {
  const { name = 'subject', root = makeDir(), needs = {} } = given;
  const logDir = join(root, '.greenroom');
  mkdirSync(logDir, { recursive: true });
  const ledgerFile = join(logDir, `${name}.ledger`);
  const ledger = new Ledger(ledgerFile);
  const notes: string[] = [];
  const builds: BuildFact[] = [];
  const settled = Promise.withResolvers<Extract<NewEvent, { kind: 'ready' | 'failed' }>>();
  const lost = Promise.withResolvers<Failure>();
  const cleaned = Promise.withResolvers<readonly string[]>();
  let isSettled = false;

  const run = new ResourceRun(
    {
      plan: {
        root,
        env: { PATH: process.env['PATH'] ?? '', ...given.env },
        configHash: 'test',
        resources: { [name]: planOf(value) },
        ...(given.workers === undefined ? {} : { workers: given.workers }),
      } as unknown as Plan,
      generation: {
        key: given.key ?? 'test',
        generation: given.generation ?? 1,
        nonce: randomBytes(8).toString('hex'),
        logDir,
      } as unknown as GenerationFile,
      ledger,
      expectedWorkers: () => given.workers,
      endpoints: () => ({}),
      flushed: () => undefined,
      built: (_, fact) => builds.push(fact),
      note: (_, text) => void notes.push(text),
      call: async ({ $function }, args) => {
        try {
          const result = await functionAt(value, $function)(...(JSON.parse(JSON.stringify(args)) as unknown[]));
          return JSON.parse(JSON.stringify(result ?? null)) as Json;
        } catch (error) {
          throw new GreenroomError({ code: 'FUNCTION_FAILED', message: (error as Error).message });
        }
      },
    },
    name,
    (event) => {
      if (event.kind === 'cleaned') cleaned.resolve(event.problems ?? []);
      if (event.kind !== 'ready' && event.kind !== 'failed') return;
      if (isSettled && event.kind === 'failed') lost.resolve(event.failure);
      isSettled = true;
      settled.resolve(event);
    },
  );

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      void run.clean();
      expect(await cleaned.promise).toEqual([]);
      expectNothingLeft(ledgerFile);
      if (given.root === undefined) removeDir(root);
    })());
  if (given.keep !== true) onTestFinished(stop);

  run.start(needs, 1);
  const event = await settled.promise;
  const pids = pidsIn(ledgerFile);
  if (event.kind === 'failed') await stop();
  return {
    ...(event.kind === 'ready' ? { endpoint: event.endpoint as E } : { failure: event.failure }),
    logFile: join(logDir, `${name}.log`),
    pids,
    lost: lost.promise,
    notes,
    builds,
    stop,
  };
}

function pidsIn(ledgerFile: string): readonly number[] {
  return readLedger(ledgerFile).flatMap((entry) => (entry.type === 'process' ? [entry.pid] : []));
}

function expectNothingLeft(ledgerFile: string): void {
  for (const entry of readLedger(ledgerFile)) {
    if (entry.type === 'process') expect(processInfo(entry.pid)?.start, entry.label).not.toBe(entry.start);
    if (entry.type === 'directory') expect(existsSync(entry.path), entry.path).toBe(false);
  }
}
