import { relative } from 'node:path';
import { within } from '../platform/deadline.ts';
import { ownEnv } from '../platform/own-env.ts';
import { entry } from '../platform/entry.ts';
import { spawnShim } from '../platform/shim.ts';
import { size } from '../platform/size.ts';
import { describeError } from '../protocol/failure.ts';
import { lineReader } from '../protocol/ndjson.ts';
import { redact } from '../protocol/redact.ts';
import { gatheredSchema, type Gathered, type GatherRequest } from './request.ts';

/** Milliseconds for all of it; each part has a deadline of its own below that. */
const GATHER_MS = 60_000;
/** From the stop signal to SIGKILL. */
const GRACE_MS = 1_000;

/** The environment variable that the process is told secrets in. */
export const SECRETS = 'GREENROOM_GATHER_SECRETS';

/**
 * Gathers what is needed to understand a failure, in a process of its own, and says where it is. The caller still
 * has its lease meanwhile, so that nothing is torn down.
 *
 * @throws Error when there is no bundle
 */
export async function gather({ secrets, ...request }: GatherRequest): Promise<Gathered> {
  const shim = spawnShim({
    run: [process.execPath, entry('gather'), JSON.stringify(redact(request))],
    // Everybody may read the words of a command.
    env: { ...ownEnv(), [SECRETS]: JSON.stringify(secrets) },
    stdout: 'pipe',
    stderr: 'pipe',
    graceMs: GRACE_MS,
  });
  // A part of it that hangs for ever may keep it from ending after it has said this.
  const { promise: said, resolve: say } = Promise.withResolvers<string>();
  const errors: string[] = [];
  shim.stdout?.on(
    'data',
    lineReader(say, () => say('')),
  );
  shim.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  void shim.exited.then(() => say(''));
  try {
    const line = await within(said, GATHER_MS, () => {
      throw new Error(`it did not end within ${GATHER_MS} ms`);
    });
    if (line === '') throw new Error(errors.join('').trim().split('\n').at(-1));
    return gatheredSchema.parse(JSON.parse(line));
  } finally {
    await shim.stop();
  }
}

/** The same for who goes on without: the line that is shown, of success or not. */
export async function gatherLine(request: GatherRequest): Promise<string> {
  try {
    const { archive, bytes, missing } = await gather(request);
    const without = missing.length === 0 ? '' : `, without ${missing.join(', ')}`;
    return `greenroom: gathered in ${relative(process.cwd(), archive)} (${size(bytes)}${without})`;
  } catch (error) {
    return `greenroom: nothing could be gathered: ${describeError(error)}`;
  }
}
