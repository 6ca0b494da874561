import { MAX_LINE_BYTES } from './messages.ts';

const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines. Returns the function to feed chunks to; `onTooLong` is called once when a line
 * exceeds the limit, and nothing is read after that.
 */
export function lineReader(onLine: (line: string) => void, onTooLong: () => void): (chunk: Buffer) => void {
  let pending: Buffer[] = [];
  let size = 0;
  let closed = false;
  return (chunk) => {
    let rest = chunk;
    while (!closed) {
      const end = rest.indexOf(NEWLINE);
      const part = end === -1 ? rest : rest.subarray(0, end);
      size += part.length;
      if (size > MAX_LINE_BYTES) {
        closed = true;
        pending = [];
        onTooLong();
        return;
      }
      pending.push(part);
      if (end === -1) return;
      const line = Buffer.concat(pending).toString('utf8');
      pending = [];
      size = 0;
      rest = rest.subarray(end + 1);
      if (line !== '') onLine(line);
    }
  };
}

/** Whether the other side accepts a line. */
export const fits = (line: string): boolean => Buffer.byteLength(line) <= MAX_LINE_BYTES;

/** One message as a line. */
export function toLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** What a text is as JSON; undefined where it is none, as a line that is just being written, or is damaged. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
