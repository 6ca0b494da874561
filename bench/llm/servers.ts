import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { SMALL_HEAP } from '../../src/resources/llm/settings.ts';

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Path of its control socket, of a mock LLM. */
  readonly control: string;
}

/** Runs `use` with the built mock LLM and a bare server. */
export async function withServers<T>(use: (llm: Server, bare: Server) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'gr-llm-'));
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ scripts: [], forceText: false }));
  const started = [
    start(fileURLToPath(new URL('../../dist/workers/mock-llm.js', import.meta.url)), directory),
    start(fileURLToPath(new URL('processes/bare.ts', import.meta.url)), directory),
  ] as const;
  try {
    const [llm, bare] = await Promise.all(started.map(({ server }) => server));
    return await use(llm as Server, bare as Server);
  } finally {
    for (const { end } of started) await end();
    rmSync(directory, { recursive: true, force: true });
  }
}

function start(program: string, directory: string): { server: Promise<Server>; end: () => Promise<void> } {
  const child = execa(process.execPath, [SMALL_HEAP, program, directory], {
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
  const server = (async (): Promise<Server> => {
    for await (const line of createInterface({ input: child.stdout })) {
      const port = Number(/port (\d+)$/.exec(line)?.[1]);
      return { port, pid: child.pid ?? -1, control: join(directory, 'c') };
    }
    throw new Error(`${program} ended before it listened`);
  })();
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child;
  };
  return { server, end };
}
