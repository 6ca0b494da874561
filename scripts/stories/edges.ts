/** Copies of a fixture's worker, by hand and on Greenroom; servers of a baseline, and what gateways have recorded. */
import { greenroom } from './greenroom.ts';
import { ended, report, reportsIn, said, start, type Actor } from './processes.ts';
import type { Stage } from './stage.ts';

export type Env = Readonly<Record<string, string>>;

/** Starts a server of the fixture by hand; resolves with its url when it listens. */
export async function serverOf(
  stage: Stage,
  command: readonly [string, ...string[]],
  env: Env,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const port = String(await stage.port());
  const server = start(stage, command.join(' '), command, { ...env, PORT: port });
  await said(server, 'listening');
  const stop = async (): Promise<void> => {
    server.process.kill('SIGKILL');
    await server.process;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** Runs so many copies of the fixture's worker by hand, each told its number as `INDEX`. */
export async function byHand<T>(stage: Stage, processes: number, env: Env): Promise<readonly T[]> {
  const actors: readonly Actor[] = Array.from({ length: processes }, (_, index) =>
    start(stage, `process ${index + 1}`, ['node', 'worker.mjs'], { ...env, INDEX: String(index + 1) }),
  );
  return Promise.all(actors.map((actor) => report<T>(actor)));
}

/** The same on Greenroom. */
export async function onGreenroom<T>(
  stage: Stage,
  processes: number,
  env: Env,
  program = 'worker.mjs',
): Promise<readonly T[]> {
  const command = ['exec', '--procs', String(processes), '--', 'node', program];
  const { stdout } = await ended(greenroom(stage, 'exec', command, env));
  return reportsIn(stdout) as readonly T[];
}

interface Finding {
  readonly code: string;
  readonly text: string;
}

/** What the gateways have found. */
export async function findingsOf(stage: Stage): Promise<readonly Finding[]> {
  const { stdout } = await ended(greenroom(stage, 'traffic', ['traffic', '--json']));
  return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
}
