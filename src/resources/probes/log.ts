import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { GreenroomError } from '../../protocol/failure.ts';
import type { ProbePlan } from '../../protocol/plan.ts';
import { readLog } from '../log-file.ts';
import type { Answer, ProbeContext } from './answer.ts';
import { orAbort, pauseAfter } from './timing.ts';

type LogProbe = Extract<ProbePlan, { probe: 'log' }>;

/** One look at the log as it is now. */
export async function askLog(probe: LogProbe, ctx: ProbeContext): Promise<Answer> {
  return new LogMatcher(probe, ctx).look();
}

/**
 * Looks again whenever the log has changed. The pause besides is for file systems that do not tell of changes, and
 * for a log that is not there yet.
 */
export async function untilLogMatches(
  probe: LogProbe,
  ctx: ProbeContext,
  refused: (answer: string) => void,
): Promise<Answer> {
  const matcher = new LogMatcher(probe, ctx);
  const begin = Date.now();
  let changed = Promise.withResolvers<void>();
  const watcher = watchFile(matcher.file, () => changed.resolve());
  try {
    for (;;) {
      changed = Promise.withResolvers<void>();
      const answer = await orAbort(ctx.signal, matcher.look());
      if (answer.ok) return answer;
      refused(answer.answer);
      await changeOrPause(changed.promise, pauseAfter(Date.now() - begin, probe), ctx.signal);
    }
  } finally {
    watcher?.close();
  }
}

async function changeOrPause(changed: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const nap = new AbortController();
  try {
    await orAbort(signal, Promise.race([changed, delay(ms, undefined, { signal: nap.signal })]));
  } finally {
    nap.abort();
  }
}

function watchFile(file: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(file, changed).on('error', () => undefined);
  } catch {
    return undefined; // not there yet, or no watches left on this machine: the pauses do
  }
}

/** Reads on where it stopped, and matches whole lines only: `port 80` may be the beginning of `port 8080`. */
class LogMatcher {
  readonly file: string;
  readonly #pattern: RegExp;
  #offset: number;
  #rest = Buffer.alloc(0);
  #lastLine: string | undefined;

  constructor(probe: LogProbe, ctx: ProbeContext) {
    if (ctx.logFile === undefined) {
      throw new GreenroomError({
        code: 'CONFIG_INVALID',
        message: 'a log probe reads the log of the resource it belongs to, so a gate cannot have one',
        hint: 'make it the `ready` of the resource',
      });
    }
    const { source, flags } = probe.pattern.$regexp;
    this.file = ctx.logFile;
    this.#offset = ctx.logFrom ?? 0;
    // With g or y a match would depend on the one before.
    this.#pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
  }

  async look(): Promise<Answer> {
    for (const line of await this.#newLines()) {
      const match = this.#pattern.exec(line);
      if (match === null) continue;
      return { ok: true, fields: definedGroups(match), answer: `log: ${JSON.stringify(line)}` };
    }
    const last = this.#lastLine === undefined ? 'it is empty' : `its last line is ${JSON.stringify(this.#lastLine)}`;
    return { ok: false, fields: {}, answer: `log: no line matches ${String(this.#pattern)}; ${last}` };
  }

  async #newLines(): Promise<readonly string[]> {
    const lines: string[] = [];
    const read = await readLog(this.file, this.#offset);
    this.#offset += read.length;
    let buffer = Buffer.concat([this.#rest, read]);
    for (let end = buffer.indexOf(0x0a); end >= 0; end = buffer.indexOf(0x0a)) {
      lines.push(stripVTControlCharacters(buffer.toString('utf8', 0, end)).trimEnd());
      buffer = buffer.subarray(end + 1);
    }
    this.#rest = buffer;
    this.#lastLine = lines.at(-1) ?? this.#lastLine;
    return lines;
  }
}

function definedGroups(match: RegExpExecArray): Readonly<Record<string, string>> {
  const groups = Object.entries(match.groups ?? {}) as [string, string | undefined][];
  return Object.fromEntries(groups.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
