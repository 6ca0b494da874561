import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../protocol/redact.ts';
import { toLine } from '../protocol/ndjson.ts';
import type { Event } from './events.ts';

/** An event as it stands in the log and goes to watchers. */
export type LoggedEvent = Event & { readonly v: 1; readonly seq: number };

/**
 * Appends every event to `events.ndjson`. Written synchronously, so that it is there when we are killed the moment
 * after. A fault in recording is a warning, never a failed run.
 */
export class EventLog {
  private seq = 0;
  private fd: number | undefined;
  private readonly warn: (text: string) => void;

  constructor(logDir: string, warn: (text: string) => void) {
    this.warn = warn;
    try {
      this.fd = openSync(join(logDir, 'events.ndjson'), 'a', 0o600);
    } catch (error) {
      warn(`events are not recorded: ${String(error)}`);
    }
  }

  append(event: Event): LoggedEvent {
    this.seq += 1;
    const logged = redact({ v: 1, seq: this.seq, ...event }) as LoggedEvent;
    if (this.fd === undefined) return logged;
    try {
      writeSync(this.fd, toLine(logged));
    } catch (error) {
      this.fd = undefined;
      this.warn(`events are no longer recorded: ${String(error)}`);
    }
    return logged;
  }
}
