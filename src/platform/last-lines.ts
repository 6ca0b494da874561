import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const LAST_LINES = 50;
/** Of a log of any size; a failure with it must fit into one message, several times. */
const LAST_BYTES = 16_384;

/** The end of a log; empty when it cannot be read. What is cut is at the beginning. */
export function lastLines(file: string): readonly string[] {
  try {
    return readEnd(file).trimEnd().split('\n').slice(-LAST_LINES);
  } catch {
    return [];
  }
}

function readEnd(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const start = Math.max(0, fstatSync(fd).size - LAST_BYTES);
    const bytes = Buffer.alloc(LAST_BYTES);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, LAST_BYTES, start));
  } finally {
    closeSync(fd);
  }
}
