/** Copies of one command, each with its own lease and slot. */
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { Session } from '../client/session.ts';
import { connectWorker } from '../client/worker.ts';
import { within } from '../platform/deadline.ts';
import { spawnShim, type ShimProcess } from '../platform/shim.ts';
import type { Attended } from './attend.ts';
import { commandEnv } from './environment.ts';
import type { ReadyReply } from '../protocol/messages.ts';
import type { Started } from './start-up.ts';

/** A process that left the group may keep the output open for ever; nobody waits for it longer than this. */
const DRAIN_MS = 1_000;

/** Takes all slots before the first copy is spawned: a copy that is quick must not lend its slot to the next. */
export async function startCopies(command: readonly string[], procs: number, started: Started): Promise<Attended> {
  const { session, run } = started;
  const sessions: Session[] = [];
  for (let taken = 0; taken < procs; taken += 1) sessions.push(await connectWorker(session.file, { run }));
  // The slices of a slot are its copy's alone, so each copy has an environment of its own.
  const replies = await Promise.all(sessions.map(async (own) => ({ own, ready: await own.wait({ resources: null }) })));
  const processes = replies.map(({ own, ready }) => startCopy(command, started, own, ready));
  const lost = Promise.race([session, ...sessions].map((one) => one.lost));
  return { processes, lost, shareTerminal: false };
}

function startCopy(
  command: readonly string[],
  { run, grace }: Started,
  session: Session,
  ready: ReadyReply,
): ShimProcess {
  const slot = String(session.welcome.slot);
  const shim = spawnShim({
    run: command,
    env: { ...commandEnv(session, ready, run), GREENROOM_SLOT: slot },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    graceMs: grace,
    leaseFd: session.fd,
  });
  const prefix = `[${slot}] `;
  const written = Promise.all([
    prefixed(shim.stdout, prefix, process.stdout),
    prefixed(shim.stderr, prefix, process.stderr),
  ]);
  const exited = shim.exited.then(async (exit) => {
    session.close();
    await within(written, DRAIN_MS, () => undefined);
    return exit;
  });
  return { ...shim, exited };
}

/** Copies whole lines, each with the copy's slot in front. */
async function prefixed(from: NodeJS.ReadableStream | null, prefix: string, to: NodeJS.WriteStream): Promise<void> {
  if (from === null) return;
  const lines = createInterface({ input: from });
  lines.on('line', (line) => to.write(`${prefix}${line}\n`));
  await finished(from);
}
