import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { within } from '../platform/deadline.ts';
import { entry } from '../platform/entry.ts';
import { spawnShim } from '../platform/shim.ts';
import { describeExit } from '../resources/exit.ts';
import type { Surroundings } from './resource-context.ts';

/** Milliseconds that the teardown of what was late waits for the record: it takes a moment, unless the machine is busy. */
const RECORD_MS = 10_000;
const GRACE_MS = 100;

/**
 * Records what a resource that was not ready in time was at: its processes, which live, and their sockets. After the
 * teardown nothing would tell. In a process of its own, because looking at all processes takes a while. Where there is
 * no record, its file says why.
 */
export async function recordLateStart({ plan, generation, ledger }: Surroundings, name: string): Promise<void> {
  const file = join(generation.logDir, `${name}.late.txt`);
  const shim = spawnShim({
    run: [process.execPath, entry('late-start'), ledger.file, file],
    cwd: plan.root,
    env: plan.env,
    stdout: 'pipe',
    stderr: 'inherit',
    graceMs: GRACE_MS,
  });
  const outcome = await within(shim.exited.then(describeExit), RECORD_MS, () => `had not ended after ${RECORD_MS} ms`);
  await shim.stop();
  if (existsSync(file)) return;
  try {
    writeFileSync(file, `Not recorded: the process that looks ${outcome}.\n`, { mode: 0o600 });
  } catch {
    // No room: the coordinator's log has said so of the event log, and the teardown goes on.
  }
}
