import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** A process of a benchmark, after it has said its first line. */
export interface Started<First> {
  readonly pid: number;
  readonly first: First;
  kill(): Promise<void>;
}

/** Starts a program of `bench/core/processes` and waits for its first line, which is JSON. */
export async function start<First>(name: string, ...words: readonly string[]): Promise<Started<First>> {
  const script = fileURLToPath(new URL(`core/processes/${name}.ts`, import.meta.url));
  const child = execa(process.execPath, [script, ...words], {
    stdin: 'pipe',
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
  const { stdout } = child;
  for await (const line of createInterface({ input: stdout })) {
    return {
      pid: child.pid ?? -1,
      first: JSON.parse(line) as First,
      kill: async () => {
        child.kill('SIGKILL');
        await child;
      },
    };
  }
  throw new Error(`${name} ended before it said anything`);
}
