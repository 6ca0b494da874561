import { appendFileSync, openSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { ENGINES } from '../containers/engine.ts';
import { cannotWrite } from '../protocol/failure.ts';
import { toLine } from '../protocol/ndjson.ts';

/**
 * What a generation has made outside of its own memory, so that the next one can remove it. An intent is written
 * before the act; the shim adds each process's identity before it becomes the program. A machine crash needs no
 * fsync: processes die with it, and the boot id tells.
 */
const entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('intent'), label: z.string() }),
  z.object({ type: z.literal('process'), label: z.string(), pid: z.int().positive(), start: z.string() }),
  z.object({ type: z.literal('directory'), path: z.string() }),
  z.object({ type: z.literal('engine'), engine: z.enum(ENGINES) }),
]);

export type LedgerEntry = z.infer<typeof entry>;

export class Ledger {
  /** For shims, which may run as another user and could not open the file themselves. */
  readonly fd: number;
  readonly file: string;

  constructor(file: string) {
    this.file = file;
    this.fd = openSync(file, 'a', 0o600);
  }

  /** @throws GreenroomError when it cannot: what cannot be recorded must not be made. */
  write(record: LedgerEntry): void {
    try {
      appendFileSync(this.fd, toLine(record));
    } catch (error) {
      throw cannotWrite(
        `the ledger ${this.file}`,
        error,
        'RESOURCE_START_FAILED',
        'see whether that directory is still there',
      );
    }
  }
}

/** Reads a ledger; lines that were cut off by a crash are left out. */
export function readLedger(file: string): readonly LedgerEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [entry.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
