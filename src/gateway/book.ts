/** What a gateway remembers: the last exchanges in memory, all of them in a file. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { Draft, type Beginning } from './draft.ts';
import type { Exchange } from './exchange.ts';

/** How many are in memory. */
const REMEMBERED = 5_000;
/** Bytes that a file may have. */
const FILE_MOST = 32 * 2 ** 20;

/** Whose exchanges are asked for. */
export interface Question {
  /** Null: those that nobody's are. Without it: all. */
  readonly slot?: number | null;
  readonly spec?: string;
  /** Began at this time or later: milliseconds since 1970. */
  readonly since?: number;
  /** At most so many, the last ones. */
  readonly last?: number;
}

export class Book {
  private readonly file: number;
  private readonly keep: number;
  private readonly prefix = randomBytes(4).toString('hex');
  private readonly open = new Set<Draft>();
  private readonly ended: Exchange[] = [];
  private readonly lines: string[] = [];
  private written = 0;
  private count = 0;

  /** @param keep bytes of each body that are kept */
  constructor(file: string, keep: number) {
    this.file = openSync(file, 'a', 0o600);
    this.keep = keep;
  }

  begin(beginning: Omit<Beginning, 'id'>): Draft {
    this.count += 1;
    const id = `${this.prefix}-${this.count}`;
    const draft = new Draft({ ...beginning, id }, this.keep, (exchange) => {
      this.open.delete(draft);
      this.add(exchange);
    });
    this.open.add(draft);
    return draft;
  }

  find({ slot, spec, since = 0, last = 1_000 }: Question): readonly Exchange[] {
    const asked = (exchange: Exchange): boolean =>
      exchange.at >= since &&
      (slot === undefined || exchange.slot === (slot ?? undefined)) &&
      (spec === undefined || exchange.spec === spec);
    return [...this.ended, ...[...this.open].map((draft) => draft.snapshot())].filter(asked).slice(-last);
  }

  /** Writes what is left, and what has not come to its end. */
  close(): void {
    for (const draft of this.open) this.lines.push(lineOf(draft.snapshot()));
    this.flush();
    closeSync(this.file);
  }

  private add(exchange: Exchange): void {
    this.ended.push(exchange);
    // Not one by one, which would move all the others each time.
    if (this.ended.length > REMEMBERED * 1.2) this.ended.splice(0, this.ended.length - REMEMBERED);
    this.lines.push(lineOf(exchange));
    if (this.lines.length === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const text = this.lines.splice(0).join('');
    if (text === '' || this.written > FILE_MOST) return;
    this.written += text.length;
    try {
      writeSync(this.file, text);
    } catch {
      // A fault in recording is never a failed run.
      this.written = Infinity;
    }
  }
}

const lineOf = (exchange: Exchange): string => `${JSON.stringify(exchange)}\n`;
