/** Asks how one resource is: at an interval, and when somebody wants to know. */
import { lastLines } from '../platform/last-lines.ts';
import { describeError } from '../protocol/failure.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Unhealthy } from '../protocol/incident.ts';
import type { ProbePlan } from '../protocol/plan.ts';
import type { ProbeContext } from '../resources/probes/answer.ts';
import { askOnce } from '../resources/probes/run.ts';

/** Milliseconds between the end of a check and the next, where the probe names none. */
const INTERVAL_MS = 1_000;

/** What a check found wrong. */
export type Problem = { readonly what: Unhealthy; readonly answer: string } & Pick<Failure, 'log' | 'logFile'>;

/** Checks one start of a resource until it is closed. */
export class Monitor {
  private readonly probe: ProbePlan;
  private readonly context: ProbeContext & { readonly logFile: string };
  private readonly tell: (problem: Problem | undefined) => void;
  private asking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param tell hears of each check that has ended, with what was wrong */
  constructor(
    probe: ProbePlan,
    context: ProbeContext & { readonly logFile: string },
    tell: (problem: Problem | undefined) => void,
  ) {
    this.probe = probe;
    this.context = context;
    this.tell = tell;
  }

  /** Checks at the probe's interval from now on. */
  watch(): void {
    if (this.closed) return;
    const { interval = INTERVAL_MS } = this.probe as { readonly interval?: number };
    this.timer = setTimeout(() => void this.checkAndWatch(), interval);
  }

  /** One check, shared by all who ask while it goes on. Never rejects. */
  check(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** From here on nothing is told. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async checkAndWatch(): Promise<void> {
    await this.check();
    this.watch();
  }

  private async ask(): Promise<void> {
    const problem = await this.look();
    if (!this.closed) this.tell(problem);
  }

  /** What is wrong now. Nobody is told: who asks is in the middle of mending it. */
  async look(): Promise<Problem | undefined> {
    const { logFile } = this.context;
    const log = (): Pick<Problem, 'log' | 'logFile'> => ({ log: lastLines(logFile), logFile });
    try {
      const { ok, answer, threw } = await askOnce(this.probe, this.context);
      if (ok) return undefined;
      return { what: threw === true ? 'check-error' : 'reported', answer, ...log() };
    } catch (error) {
      return { what: 'check-error', answer: describeError(error), ...log() };
    }
  }
}
