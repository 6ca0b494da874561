import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './processes.ts';

/** Runs `use` with the path of a socket on which a process says hello and does nothing else. */
export async function withBareServer<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `greenroom-bench-${process.pid}.sock`);
  const server = await start<true>('bare-server', path);
  try {
    return await use(path);
  } finally {
    await server.kill();
    rmSync(path, { force: true });
  }
}
