import type { Session } from '../../client/session.ts';
import { connectWorker } from '../../client/worker.ts';
import type { Meeting } from './meeting.ts';
import type { Failure } from '../../protocol/failure.ts';
import { now } from './clock.ts';
import { kept } from './place.ts';

/** One connection for all files of a worker. */
export const worker = kept<{
  session: Session;
  /** When it was joined, in milliseconds since 1970. */
  joinedAt: number;
  /** What the session ended with, if it did. */
  lost: Failure | undefined;
}>('lease');

/**
 * The session of this worker, one for all of its files: its lease. When it was lost, the newest generation is joined.
 *
 * @throws GreenroomError COORDINATOR_LOST
 */
export async function leaseOfWorker({ file, run }: Meeting): Promise<Session> {
  if (worker.session !== undefined && worker.lost === undefined) return worker.session;
  const { GREENROOM_LEASE: lease } = process.env;
  const session = await connectWorker(file, { run, ...(lease === undefined ? {} : { lease }) });
  // A Vitest that a spec starts is not this worker.
  delete process.env['GREENROOM_LEASE'];
  session.unref();
  Object.assign(process.env, {
    GREENROOM_FILE: session.file,
    GREENROOM_RUN: run,
    GREENROOM_SLOT: String(session.welcome.slot),
  });
  worker.session = session;
  worker.joinedAt = now();
  worker.lost = undefined;
  void session.lost.then((failure) => {
    if (worker.session === session) worker.lost = failure;
  });
  return session;
}
