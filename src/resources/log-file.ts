import { createReadStream, statSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';

/** Bytes in a log; what is written later begins at this offset. */
export function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The bytes of a log from an offset to the end it has now; none when it is not there yet. */
export async function readLog(file: string, offset: number): Promise<Buffer> {
  try {
    return await buffer(createReadStream(file, { start: offset }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
