import { join } from 'node:path';
import { within } from '../platform/deadline.ts';
import { entry } from '../platform/entry.ts';
import { spawnShim } from '../platform/shim.ts';
import type { Surroundings } from './resource-context.ts';

/** Milliseconds that the teardown of what was late waits for the record. */
const RECORD_MS = 3_000;
const GRACE_MS = 100;

/**
 * Records what a resource that was not ready in time was at: its processes, which live, and their sockets. After the
 * teardown nothing would tell. In a process of its own, because looking at all processes takes a while.
 */
export async function recordLateStart({ plan, generation, ledger }: Surroundings, name: string): Promise<void> {
  const shim = spawnShim({
    run: [process.execPath, entry('late-start'), ledger.file, join(generation.logDir, `${name}.late.txt`)],
    cwd: plan.root,
    env: plan.env,
    stdout: 'pipe',
    stderr: 'inherit',
    graceMs: GRACE_MS,
  });
  await within(shim.exited, RECORD_MS, () => undefined);
  await shim.stop();
}
