/**
 * Election by bind-then-link: a candidate first listens on a socket path of its own, then links its generation file
 * to `gen-N.json`. The link is atomic, so exactly one wins N; and since it listens already, whoever reads the file
 * reaches it. Nothing is ever removed in order to take over.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { claimedGenerations } from '../client/generations.ts';
import type { Candidacy } from '../client/start-coordinator.ts';
import { faultPoint } from '../platform/fault.ts';
import { processInfo, thisPlace } from '../platform/identity.ts';
import { checkSocketPath } from '../platform/paths.ts';
import { cannotWrite } from '../protocol/failure.ts';
import { generationFileName, type GenerationFile } from '../protocol/generation-file.ts';
import { teardownMs } from '../protocol/plan.ts';

/** Longer than the number of members that may connect while the loop is busy; beyond it the kernel answers EAGAIN. */
const BACKLOG = 4_096;
/** Added to the sum of the stop time-outs: waiting for processes to vanish, removing directories. */
const STOP_MARGIN_MS = 10_000;

export interface Elected {
  readonly generation: GenerationFile;
  readonly file: string;
}

/** Listens, then claims. Undefined when another candidate was faster. */
export async function stand(candidacy: Candidacy, server: Server): Promise<Elected | undefined> {
  const { plan, keyDir, generation: number } = candidacy;
  const socket = join(keyDir, `s${number}-${process.pid}`);
  checkSocketPath(socket);
  await listen(server, socket);
  faultPoint('election.listening');
  const place = thisPlace();
  const stopTimeouts = Object.values(plan.resources).map(teardownMs);
  const generation: GenerationFile = {
    v: 1,
    key: plan.key,
    generation: number,
    nonce: randomBytes(8).toString('hex'),
    socket,
    token: randomBytes(32).toString('hex'),
    pid: process.pid,
    start: processInfo(process.pid)?.start ?? '',
    boot: place.boot,
    pidNamespace: place.pidNamespace,
    machine: place.machine,
    root: plan.root,
    configFile: plan.configFile,
    configHash: plan.configHash,
    logDir: candidacy.logDir,
    at: Date.now(),
    stopBudget: stopTimeouts.reduce((sum, ms) => sum + ms, STOP_MARGIN_MS),
  };
  const file = join(keyDir, generationFileName(number));
  let won = false;
  try {
    won = claim(keyDir, number, file, generation);
  } finally {
    if (!won) server.close();
  }
  if (!won) return undefined;
  faultPoint('election.linked');
  return { generation, file };
}

function claim(keyDir: string, number: number, file: string, generation: GenerationFile): boolean {
  const draft = join(keyDir, `claim-${number}-${process.pid}`);
  try {
    writeFileSync(draft, JSON.stringify(generation), { mode: 0o600, flag: 'wx' });
    linkSync(draft, file);
  } catch (error) {
    // A winner also sweeps away the drafts of the others.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || isTaken(keyDir, number)) return false;
    throw cannotWrite(file, error, 'RUNTIME_DIR_UNWRITABLE', 'set GREENROOM_RUNTIME_DIR to another directory');
  } finally {
    rmSync(draft, { force: true });
  }
  // A candidate that slept since it read the directory may have claimed a number below the newest, whose file was
  // removed meanwhile. The newest is never removed, so this sees it.
  if (isTaken(keyDir, number + 1)) {
    rmSync(file, { force: true });
    return false;
  }
  return true;
}

/** Whether this generation, or a later one, has been claimed. */
const isTaken = (keyDir: string, number: number): boolean => (claimedGenerations(keyDir)[0] ?? 0) >= number;

/** Sockets are made with mode 0600 from the start: the directory is private, and this is the second lock. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const before = process.umask(0o177);
    server.once('error', reject);
    server.listen({ path, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
    process.umask(before);
  });
}

/** Turns the generation file into a tombstone: it keeps the number taken and says why the generation ended. */
export function bury({ generation, file }: Elected, reason: string): void {
  const { token: _secret, ...rest } = generation;
  const draft = `${file}.ended`;
  writeFileSync(draft, JSON.stringify({ ...rest, token: '', stopped: { reason, at: Date.now() } }), { mode: 0o600 });
  renameSync(draft, file);
}
