import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineOf } from '../containers/engine.ts';
import { removeOwned } from '../containers/owned.ts';
import { isLive, isOfAnotherMachine } from '../client/discover.ts';
import { newestGeneration, readGeneration, type FoundGeneration } from '../client/generations.ts';
import { until } from '../platform/deadline.ts';
import { groupMembers, isAlive, processInfo, thisPlace } from '../platform/identity.ts';
import { killGroup, sendSignal } from '../platform/groups.ts';
import { ownEnv } from '../platform/own-env.ts';
import { describeError } from '../protocol/failure.ts';
import { generationFileName, generationOf, ledgerName } from '../protocol/generation-file.ts';
import { bury } from './candidacy.ts';
import { readLedger } from './ledger.ts';
import { isTempDirOf } from './names.ts';

const DEATH_MS = 5_000;
/** Milliseconds that a watcher, which had its order before us, has to end its process. */
const WATCHER_MS = 10_000;
/** Who entered a key's directory a week ago and still stands for its next number does not exist. */
export const FORGOTTEN_MS = 7 * 24 * 3_600_000;
/** Far beyond the time a living member holds the herd's lock. */
const STALE_LOCK_MS = 15_000;

/**
 * Ends and removes what earlier generations of a key left, before this one starts anything (I1). A coordinator that
 * is still stopping gets its time; one that hangs is killed. A pid is only touched where boot, pid namespace and start
 * time say that it is the recorded process.
 */
export async function reap(keyDir: string, mine: number, note: (text: string) => void): Promise<void> {
  const earlier = readdirSync(keyDir).flatMap((name) => generationOf(name) ?? []);
  for (const number of earlier.filter((candidate) => candidate < mine).toSorted((a, b) => a - b)) {
    const generation = readGeneration(join(keyDir, generationFileName(number)));
    if (generation) await reapOne(keyDir, generation, note);
    rmSync(join(keyDir, ledgerName(number)), { force: true });
    rmSync(join(keyDir, generationFileName(number)), { force: true });
  }
  sweep(keyDir, mine);
}

/**
 * Does the same for the dead generations of other keys: a config that was edited after a crash has a new key, and
 * nobody would come back for the old one. Their files become tombstones, so that this is done once. Tombstones that
 * nobody has come back to for a week are removed.
 */
export async function reapOtherKeys(keyDir: string, note: (text: string) => void): Promise<void> {
  const runtime = dirname(keyDir);
  for (const name of readdirSync(runtime)) {
    const dir = join(runtime, name);
    const generation = dir === keyDir ? undefined : newestGeneration(dir);
    if (generation?.stopped && age(dir) > FORGOTTEN_MS) rmSync(dir, { recursive: true, force: true });
    if (generation === undefined || generation.stopped || isLive(generation)) continue;
    if (isOfAnotherMachine(generation)) continue;
    try {
      await reapOne(dir, generation, note);
      rmSync(join(dir, ledgerName(generation.generation)), { force: true });
      rmSync(generation.socket, { force: true });
      const { file, ...dead } = generation;
      bury({ generation: dead, file }, 'it died, and was reaped by another generation');
    } catch (error) {
      // A third coordinator may be at it as well. Whatever it is, it does not concern this generation.
      note(`generation ${generation.generation} of key ${name} was not reaped: ${describeError(error)}`);
    }
  }
}

async function reapOne(keyDir: string, generation: FoundGeneration, note: (text: string) => void): Promise<void> {
  const ledger = join(keyDir, ledgerName(generation.generation));
  const here = thisPlace();
  const sameProcesses = generation.boot === here.boot && generation.pidNamespace === here.pidNamespace;
  if (sameProcesses && !generation.stopped) await endCoordinator(generation, note);
  const entries = readLedger(ledger);
  for (const entry of entries) {
    if (entry.type === 'process' && sameProcesses) await endProcess(entry, note);
  }
  // Containers before the directories that they may have mounted.
  for (const kind of new Set(entries.flatMap((entry) => (entry.type === 'engine' ? [entry.engine] : [])))) {
    await removeOwned(engineOf(kind, ownEnv()), generation, note);
  }
  for (const entry of entries) {
    if (entry.type === 'directory' && isTempDirOf(entry.path, generation)) {
      rmSync(entry.path, { recursive: true, force: true });
    }
  }
}

async function endCoordinator(generation: FoundGeneration, note: (text: string) => void): Promise<void> {
  if (!isAlive(generation)) return;
  note(`waiting for generation ${generation.generation} (pid ${generation.pid}) to end`);
  if (await until(() => !isAlive(generation), generation.stopBudget)) return;
  note(
    `generation ${generation.generation} (pid ${generation.pid}) did not end within ${generation.stopBudget} ms: killed`,
  );
  sendSignal(generation.pid, 'SIGKILL');
  await until(() => !isAlive(generation), DEATH_MS);
}

async function endProcess(
  entry: { readonly label: string; readonly pid: number; readonly start: string },
  note: (text: string) => void,
): Promise<void> {
  const leader = processInfo(entry.pid);
  // A pid is not given out again while a group of that number exists. So with the leader dead, members of the group
  // are still its own; with a leader of another start time, it is a stranger's group.
  if (leader ? leader.start !== entry.start : groupMembers(entry.pid).length === 0) return;
  // A watcher is still at it: what it stops may need its grace to clean up.
  const watched = (): boolean => groupMembers(entry.pid).length > 1;
  await until(() => !watched(), WATCHER_MS);
  if (groupMembers(entry.pid).length === 0) return;
  note(`reaping ${entry.label} (process group ${entry.pid})`);
  await killGroup(entry.pid);
}

/**
 * Removes what dead candidates left: sockets and drafts for a number that is taken now, so that they cannot win it any
 * more, and the herd's lock when its holder was killed. Nothing of a candidate for a later generation.
 */
export function sweep(keyDir: string, mine: number): void {
  for (const name of readdirSync(keyDir)) {
    const [, generation, pid] = /^(?:s|claim-)(\d+)-(\d+)$/.exec(name) ?? [];
    const taken = generation !== undefined && Number(generation) <= mine && Number(pid) !== process.pid;
    if (taken || (name === 'elect.lock' && age(join(keyDir, name)) > STALE_LOCK_MS)) {
      rmSync(join(keyDir, name), { recursive: true, force: true });
    }
  }
}

/** Milliseconds since anything in a directory was made or removed, or a member entered it. */
function age(dir: string): number {
  return Date.now() - (statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
}
