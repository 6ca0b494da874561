import type { TestProject } from 'vitest/node';
import type { Session } from '../../client/session.ts';
import { connectWorker } from '../../client/worker.ts';
import type { State } from '../../coordinator/state.ts';
import { within } from '../../platform/deadline.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import type { ReadyReply } from '../../protocol/messages.ts';
import { SUITE } from '../../protocol/plan.ts';
import { withExitCode } from '../exit-code.ts';
import type { Docblock, Joined } from '../joined.ts';
import { isCancelled } from '../running.ts';
import { contentsOf } from '../worker/contents.ts';
import { type Meeting, meetingOf } from '../worker/meeting.ts';
import { askedByAll } from './held.ts';

/** Together with the time to join, well below the 90 s that Vitest gives a worker to start. */
const HOLD_MS = 45_000;

type Environment = Readonly<Record<string, string>>;

/** The lease, and with it the slot, of a worker that does not exist yet. */
export class Seat {
  /** What a hold came to nothing for. Whoever comes later is not held: its gate says at once what is wrong. */
  private static readonly hopeless = new WeakSet<object>();
  private readonly project: TestProject;
  private session: Session | undefined;

  constructor(project: TestProject) {
    this.project = project;
  }

  /**
   * Checks, before there is a worker, that somebody can tell it where the infrastructure is.
   *
   * @throws GreenroomError NOT_JOINED once; the rest of the run is cancelled.
   */
  check(): void {
    const meeting = meetingOf(this.joined);
    if (this.joined !== undefined || meeting === undefined || !('failure' in meeting)) return;
    void this.project.vitest.cancelCurrentRun('test-failure');
    throw withExitCode(new GreenroomError(meeting.failure));
  }

  /**
   * Gets the lease, and waits until what every file of the run needs is ready and open. Resolves with the environment
   * for the worker. Never rejects: whatever is wrong with the infrastructure, the worker is to be started all the
   * same, and its gate reports it with the file.
   */
  async take(): Promise<Environment> {
    const environment = await this.getLease();
    // Told by a message now, the worker would not be there yet to hear it.
    return isCancelled(this.project.vitest) ? { ...environment, GREENROOM_CANCELLED: 'true' } : environment;
  }

  /** The worker is gone, or will never be. One that lives on keeps the lease by its own connection. */
  leave(): void {
    this.session?.close();
    this.session = undefined;
  }

  private async getLease(): Promise<Environment> {
    const meeting = meetingOf(this.joined);
    if (meeting === undefined || 'failure' in meeting) return {};
    try {
      this.session ??= await connectWorker(meeting.file, { run: meeting.run });
      this.session.unref();
      return await this.settle(this.session, meeting);
    } catch {
      return {};
    }
  }

  /** Missing when there is no main process that has joined. */
  private get joined(): Joined | undefined {
    const provided: { 'greenroom:joined'?: Joined } = this.project.getProvidedContext();
    return provided['greenroom:joined'];
  }

  private async settle(session: Session, meeting: Meeting): Promise<Environment> {
    const { nonce, lease = '', slot = '' } = session.welcome;
    const { joined } = this;
    const run = joined ?? this.project.vitest;
    const docblocks = joined !== undefined && 'docblocks' in joined ? Object.values(joined.docblocks) : [];
    const ready = Seat.hopeless.has(run) ? undefined : await this.hold(session, meeting, docblocks);
    if (ready === undefined) Seat.hopeless.add(run);
    return {
      ...ready?.env,
      GREENROOM_FILE: session.file,
      GREENROOM_RUN: meeting.run,
      GREENROOM_SLOT: String(slot),
      GREENROOM_LEASE: `${nonce}/${lease}`,
    };
  }

  /** Undefined when it failed, or took too long, or the run was cancelled meanwhile. */
  private async hold(
    session: Session,
    meeting: Meeting,
    docblocks: readonly Docblock[],
  ): Promise<ReadyReply | undefined> {
    const { promise: cancelled, resolve: cancel } = Promise.withResolvers<undefined>();
    const forget = this.project.vitest.onCancel(() => cancel(undefined));
    try {
      return await within(Promise.race([wait(session, meeting, docblocks), cancelled]), HOLD_MS, () => undefined);
    } catch {
      return undefined;
    } finally {
      forget();
    }
  }
}

async function wait(session: Session, meeting: Meeting, docblocks: readonly Docblock[]): Promise<ReadyReply> {
  const contents = meeting.contents ?? contentsOf((await session.status()) as State);
  const { resources, gates } = askedByAll(contents, docblocks);
  const suite = meeting.suite === undefined ? [] : [SUITE];
  return session.wait({ resources: [...resources, ...suite], gates: gates.map((name) => ({ name })) });
}
