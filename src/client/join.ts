import { join as joinPath } from 'node:path';
import { pause, within } from '../platform/deadline.ts';
import { keyDir, touch } from '../platform/paths.ts';
import { checkPlatform } from '../platform/supported.ts';
import { GreenroomError } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { attempt, type Introduction } from './connection.ts';
import { isOfAnotherMachine } from './discover.ts';
import { claimedGenerations, newestGeneration, readGeneration, type FoundGeneration } from './generations.ts';
import type { Session } from './session.ts';

/** Milliseconds for the whole of joining. Starting infrastructure is not part of it. */
const JOIN_MS = 30_000;
/** Milliseconds a living coordinator has to answer a hello. */
const HELLO_MS = 10_000;
/** Coordinators that we start and that die at once before we give up. */
const ELECTIONS = 3;
/** Milliseconds to wait in the herd before going on without the lock: it limits, it does not protect. */
const HERD_MS = 2_000;

/**
 * Joins the newest generation of the plan's key, or starts the next one. Election is bind-then-link, done by the
 * candidates themselves; here is only the loop around it.
 *
 * @throws GreenroomError KEY_CONFLICT, COORDINATOR_UNRESPONSIVE, COORDINATOR_START_FAILED, RUNTIME_DIR_*.
 */
export async function join(plan: Plan, me: Omit<Introduction, 'configHash'>): Promise<Session> {
  checkPlatform();
  const key = inheritedKey(plan) ?? plan.key;
  return key === plan.key ? enter(plan, { ...me, configHash: plan.configHash }) : enter({ ...plan, key }, me);
}

/**
 * The key is computed once, by the run's first member. Computed again inside of it, it could differ, because the run
 * itself sets environment that the key may cover.
 */
function inheritedKey(plan: Plan): string | undefined {
  const { GREENROOM_FILE: file, GREENROOM_RUN: run } = process.env;
  // Without a run it is only what `greenroom env` printed into a shell, perhaps before the config was edited.
  const outer = file === undefined || run === undefined ? undefined : readGeneration(file);
  return outer?.root === plan.root && outer.configFile === plan.configFile ? outer.key : undefined;
}

async function enter(plan: Plan, introduction: Introduction): Promise<Session> {
  const dir = keyDir(plan.key);
  const deadline = Date.now() + JOIN_MS;
  let started = 0;
  while (Date.now() < deadline) {
    const newest = newestGeneration(dir);
    const session = newest && (await tryGeneration(newest, introduction));
    if (session) return session;
    if (started === ELECTIONS) throw diesAtOnce(newest);
    if (await elect(plan, dir, newest)) started += 1;
  }
  throw unresponsive(newestGeneration(dir), JOIN_MS);
}

/** A session; undefined when that generation is dead or stopping and the next may be started. */
async function tryGeneration(generation: FoundGeneration, me: Introduction): Promise<Session | undefined> {
  if (generation.stopped) return undefined;
  const deadline = Date.now() + HELLO_MS;
  while (Date.now() < deadline) {
    const result = await attempt(generation, me, HELLO_MS);
    switch (result.outcome) {
      case 'joined':
        return result.session;
      case 'refused':
        throw new GreenroomError(result.failure);
      case 'silent':
        throw unresponsive(generation, HELLO_MS);
      case 'gone':
        checkSameMachine(generation);
        return undefined;
      case 'busy':
        await pause(5 + Math.random() * 20);
    }
  }
  throw unresponsive(generation, HELLO_MS);
}

/** Starts a candidate for the next generation, unless another member was faster. True when it did. */
async function elect(plan: Plan, dir: string, seen: FoundGeneration | undefined): Promise<boolean> {
  touch(dir);
  const [last = 0] = claimedGenerations(dir);
  if (last !== (seen?.generation ?? last)) return false;
  const unlock = await enterHerd(dir);
  try {
    if (claimedGenerations(dir)[0] !== (last === 0 ? undefined : last)) return false;
    // Loaded only by whoever starts one: most members join what is there.
    const { startCoordinator } = await import('./start-coordinator.ts');
    await startCoordinator(plan, dir, last + 1);
    return true;
  } finally {
    await unlock();
  }
}

/**
 * Lets one member at a time start a candidate. Its stale takeover and its release are not exclusive, so nothing may
 * depend on it: whoever cannot get it in time goes on, and the link decides.
 */
async function enterHerd(dir: string): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  const locking = lockfile.lock(joinPath(dir, 'elect'), {
    realpath: false,
    stale: 2_000,
    retries: { retries: 40, minTimeout: 10, maxTimeout: 100, factor: 1.5, randomize: true },
    onCompromised: () => undefined,
  });
  const noLock = (): Promise<void> => Promise.resolve();
  const unlock = await within(
    locking.catch(() => noLock),
    HERD_MS,
    () => noLock,
  );
  // A lock that comes after all is given back at once.
  if (unlock === noLock) void locking.then((late) => late()).catch(() => undefined);
  return () => unlock().catch(() => undefined);
}

/** A socket that another machine serves looks dead from here. */
function checkSameMachine(generation: FoundGeneration): void {
  if (!isOfAnotherMachine(generation)) return;
  throw new GreenroomError({
    code: 'RUNTIME_DIR_SHARED',
    message: `${generation.file} was written by another machine (${generation.machine})`,
    hint: 'set GREENROOM_RUNTIME_DIR to a directory that only this machine uses',
  });
}

function unresponsive(generation: FoundGeneration | undefined, ms: number): GreenroomError {
  const who = generation ? `pid ${generation.pid}, generation ${generation.generation}` : 'none was elected';
  return new GreenroomError({
    code: 'COORDINATOR_UNRESPONSIVE',
    message: `no coordinator answered within ${ms} ms (${who})`,
    hint: generation
      ? `see whether pid ${generation.pid} is stopped (state T in ps); kill it to start afresh`
      : 'run again with GREENROOM_DEBUG=1',
  });
}

function diesAtOnce(generation: FoundGeneration | undefined): GreenroomError {
  return new GreenroomError({
    code: 'COORDINATOR_START_FAILED',
    message: `${ELECTIONS} coordinators were elected and died before they answered`,
    hint: generation ? `see ${joinPath(generation.logDir, 'coordinator.log')}` : 'run again with GREENROOM_DEBUG=1',
  });
}

/** Joins a generation that must already be there, as an observer: status, down. Undefined when it is gone. */
export async function observe(generation: FoundGeneration): Promise<Session | undefined> {
  return tryGeneration(generation, { role: 'observer' });
}
