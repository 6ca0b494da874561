/**
 * SIGINT and SIGTERM to a Vitest process, in three levels. Vitest itself exits at once, and then nobody is left to
 * wait for the workers, or to be told what the suite's final body said.
 */
import { constants } from 'node:os';
import type { Vitest } from 'vitest/node';
import { onSignals } from '../platform/signals.ts';
import { recordOf } from './run-record.ts';
import { isRunning } from './running.ts';

/** Milliseconds until the next level is reached without another signal, while something of this one still goes on. */
const GRACE_MS = 10_000;

/** How far a process has been asked to end. */
export class Interruption {
  private readonly vitest: Vitest;
  private readonly first = Promise.withResolvers<void>();
  private readonly second = Promise.withResolvers<void>();
  private level = 0;
  private grace: NodeJS.Timeout | undefined;

  /** @param vitest its signals are caught, unless it watches, or others have taken charge of them before */
  constructor(vitest: Vitest) {
    this.vitest = vitest;
    if (!vitest.config.watch && takeFromVitest()) onSignals((signal) => this.raise(signal));
  }

  /** Resolves with the first signal: nothing more is started. */
  get cancelled(): Promise<void> {
    return this.first.promise;
  }

  /** Resolves with the second one: nothing is waited for, the suite's final body neither. */
  get hurried(): Promise<void> {
    return this.second.promise;
  }

  get isCancelled(): boolean {
    return this.level > 0;
  }

  get isHurried(): boolean {
    return this.level > 1;
  }

  private raise(signal: NodeJS.Signals): void {
    this.level += 1;
    clearTimeout(this.grace);
    if (this.level < 3) this.grace = setTimeout(() => this.raise(signal), GRACE_MS).unref();
    if (this.level === 1) void this.cancel(signal);
    else if (this.level === 2) this.hurry(signal);
    else process.exit();
  }

  private async cancel(signal: NodeJS.Signals): Promise<void> {
    recordOf(this.vitest).interruption = signal;
    // Whatever else ends the process, or has failed before. Last, so that it has the last word.
    process.on('exit', () => (process.exitCode = 128 + constants.signals[signal]));
    this.tell(`${signal}: the run is cancelled; once more, and nothing is waited for`);
    this.first.resolve();
    // Between runs there is nothing to cancel, and workers that end must not be killed.
    if (isRunning(this.vitest)) await this.vitest.cancelCurrentRun('keyboard-input').catch(() => undefined);
    // From here on every wait has a deadline of its own.
    clearTimeout(this.grace);
    await this.vitest.close();
    process.exit();
  }

  /** Asked for a second time, Vitest kills the workers that have not ended. */
  private hurry(signal: NodeJS.Signals): void {
    this.tell(`${signal}: nothing is waited for; once more, and the process ends at once`);
    this.second.resolve();
    void this.vitest.cancelCurrentRun('keyboard-input').catch(() => undefined);
  }

  private tell(text: string): void {
    this.vitest.logger.error(`greenroom: ${text}`);
  }
}

/** Removes Vitest's own listeners. False when they are not there: then the signals are somebody else's. */
function takeFromVitest(): boolean {
  const taken = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const own = process.rawListeners(signal).filter((listener) => nameOf(listener) === 'onExit');
    for (const listener of own) process.off(signal, listener as NodeJS.SignalsListener);
    return own.length > 0;
  });
  return taken.every(Boolean);
}

/** Of a listener; of what it wraps, if it is there for one time only. */
function nameOf(listener: Function & { readonly listener?: Function }): string {
  return (listener.listener ?? listener).name;
}

const KEY = Symbol.for('greenroom.interruption');

/** One for a Vitest process. The first call takes charge of its signals. */
export function interruptionOf(vitest: Vitest): Interruption {
  return ((vitest as { [KEY]?: Interruption })[KEY] ??= new Interruption(vitest));
}
