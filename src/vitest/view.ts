import type { Session } from '../client/session.ts';
import { within } from '../platform/deadline.ts';
import { GreenroomError, isGreenroomError } from '../protocol/failure.ts';
import type { ReadyReply } from '../protocol/messages.ts';
import { dated } from '../report/earlier.ts';
import type { Progress } from '../report/fold.ts';
import { follow, type Step } from '../report/follow.ts';
import { headline } from '../report/headline.ts';
import { createReporter } from '../report/reporter.ts';

/** Shorter than the 10 s that Vitest has for closing altogether. */
const LEAVE_MS = 5_000;

/** What a Vitest process sees of its generation, from joining to leaving. */
export class View {
  private readonly session: Session;
  private readonly run: string;
  private latest: Progress | undefined;
  private onStep: (step: Step) => void = () => undefined;

  constructor(session: Session, run: string) {
    this.session = session;
    this.run = run;
  }

  /**
   * Waits until all resources are ready, and shows how that goes on standard error: reports go to standard output.
   *
   * @param since when this process began to join, in milliseconds since the epoch
   */
  async start(since: number): Promise<ReadyReply> {
    const reporter = createReporter('plain', process.stderr, since);
    process.stderr.write(`greenroom: ${headline(this.session.welcome, since)}\n`);
    this.onStep = (step) => reporter.show(step);
    try {
      await follow(this.session, (step) => {
        this.latest = step.progress;
        this.onStep(step);
      });
      return await this.session.wait({ resources: null });
    } catch (error) {
      if (!isGreenroomError(error) || this.latest === undefined) throw error;
      throw new GreenroomError(dated(error.failure, this.latest.state, since));
    } finally {
      this.onStep = () => undefined;
      reporter.end();
      this.session.unref();
    }
  }

  /**
   * Waits until the workers of this run have left, then gives the main process's lease back. The last one to leave
   * lets the teardown begin, and that must not be us while a worker still cleans up.
   */
  async leave(): Promise<void> {
    const left = new Promise<void>((resolve) => {
      this.onStep = () => {
        if (this.workers() === 0) resolve();
      };
      if (this.workers() === 0) resolve();
    });
    // A worker that outlasts the wait has a lease of its own. Of a lost coordinator everybody has been told.
    await within(Promise.race([left, this.session.lost]), LEAVE_MS, () => undefined);
    this.session.close();
  }

  private workers(): number {
    const leases = Object.values(this.latest?.state.leases ?? {});
    return leases.filter(({ role, run }) => role === 'worker' && run === this.run).length;
  }
}
