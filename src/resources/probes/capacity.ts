import { z } from 'zod';
import { within } from '../../platform/deadline.ts';
import { entry } from '../../platform/entry.ts';
import { spawnShim } from '../../platform/shim.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import type { CapacityPlan } from '../../protocol/plan.ts';
import type { Answer, ProbeContext } from './answer.ts';
import { endpointOf, targetsOf } from './address.ts';

/** Milliseconds for the clients to start, ask and end; each of them asks for two seconds at most. */
const CLIENTS_MS = 20_000;
/** From the stop signal to SIGKILL, for clients that have not ended by then. */
const GRACE_MS = 100;

/** What `workers/capacity-pool` says at its end. */
const report = z.object({ answered: z.int().nonnegative() });

/**
 * Passes when all connections that the workers open are answered at once, by clients in processes of their own. It
 * does not get better by asking again.
 *
 * @throws GreenroomError INFRA_CAPACITY
 */
export async function askCapacity(probe: CapacityPlan, ctx: ProbeContext): Promise<Answer> {
  const workers = ctx.workers?.() ?? 1;
  const needed = workers * probe.connectionsPerWorker;
  const [target] = targetsOf(endpointOf(probe.of, ctx), 'http', undefined);
  const url = new URL(probe.path, target?.url).href;
  const answered = await askAtOnce(url, workers, probe.connectionsPerWorker, ctx);
  if (answered < needed) throw tooSmall(probe.of, url, answered, needed, workers);
  return { ok: true, generation: workers, fields: {}, answer: `${answered} connections at once were answered` };
}

async function askAtOnce(url: string, workers: number, each: number, ctx: ProbeContext): Promise<number> {
  const shim = spawnShim({
    run: [process.execPath, entry('capacity-pool'), url, String(workers), String(each)],
    cwd: ctx.root,
    env: { ...ctx.env },
    stdout: 'pipe',
    stderr: 'inherit',
    graceMs: GRACE_MS,
  });
  let output = '';
  shim.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = (): void => void shim.stop();
  ctx.signal.addEventListener('abort', stop, { once: true });
  try {
    await within(shim.exited, CLIENTS_MS, () => undefined);
    ctx.signal.throwIfAborted();
    return report.parse(JSON.parse(output)).answered;
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw new Error(`the clients gave no account within ${CLIENTS_MS} ms`, { cause: error });
  } finally {
    ctx.signal.removeEventListener('abort', stop);
    await shim.stop();
  }
}

function tooSmall(name: string, url: string, answered: number, needed: number, workers: number): GreenroomError {
  return new GreenroomError({
    code: 'INFRA_CAPACITY',
    message:
      `capacity of ${name}: ${answered} < ${needed}: of ${needed} connections that were open at once ` +
      `(${workers} ${workers === 1 ? 'worker' : 'workers'}), GET ${url} was answered on ${answered}`,
    subject: name,
    hint: `let requests queue with \`gateway: { maxConcurrent: ${Math.max(1, answered)} }\` on ${name}, use a server that takes connections in parallel (a threading one), or run fewer workers`,
  });
}
