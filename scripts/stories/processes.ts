import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { Stage } from './stage.ts';

/** Milliseconds any single wait of a story takes at most. */
export const DEADLINE = 60_000;

/** A process of a story. */
export interface Actor {
  /** Stands in messages. */
  readonly name: string;
  readonly process: ReturnType<typeof launch>;
  /** What it has written to its standard output so far. */
  readonly lines: readonly string[];
}

/** Starts a program on the stage. It is killed at the deadline. */
export function start(
  stage: Pick<Stage, 'dir' | 'env'>,
  name: string,
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Actor {
  const process = launch(command, stage.dir, { ...stage.env, ...env });
  const lines: string[] = [];
  createInterface({ input: process.stdout }).on('line', (line) => lines.push(line));
  return { name, process, lines };
}

function launch(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
) {
  return execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    stdin: 'pipe',
    timeout: DEADLINE,
    killSignal: 'SIGKILL',
  });
}

/** How an actor ended. */
export interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for the end of an actor; one that had to be killed at its deadline is an error that shows its output. */
export async function ended(actor: Actor): Promise<Ended> {
  const { exitCode, stdout, stderr, timedOut } = await actor.process;
  if (timedOut) throw new Error(`${actor.name} did not end within ${DEADLINE} ms\n${stdout}\n${stderr}`);
  return { code: exitCode, stdout, stderr };
}

/** Waits for a line that begins with `word` and returns the rest of it. */
export async function said(actor: Actor, word: string): Promise<string> {
  const line = await until(`${actor.name} to say "${word}"`, async () => {
    const found = actor.lines.find((written) => written.startsWith(word));
    const { exitCode, signalCode } = actor.process.nodeChildProcess;
    if (found !== undefined || (exitCode === null && signalCode === null)) return found;
    const { stdout, stderr } = await ended(actor);
    throw new Error(`${actor.name} ended without saying "${word}"\n${stdout}\n${stderr}`);
  });
  return line.slice(word.length).trim();
}

/** Lets an actor go on that waits for a line on its standard input. */
export function go(actor: Actor): void {
  actor.process.stdin.end('go\n');
}

/** The last line an actor wrote, as JSON. */
export async function report<T>(actor: Actor): Promise<T> {
  const { stdout, stderr } = await ended(actor);
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
  } catch {
    throw new Error(`${actor.name} gave no report\n${stdout}\n${stderr}`);
  }
}

/** The reports of several processes that share an output, each on a line of its own behind its process's mark. */
export function reportsIn(stdout: string): readonly unknown[] {
  return (stdout.match(/\{.*\}$/gm) ?? []).map((text): unknown => JSON.parse(text));
}

/** Asks until the answer is there; `what` names it in the error at the deadline. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  within = DEADLINE,
): Promise<T> {
  const deadline = Date.now() + within;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(10);
  }
  throw new Error(`waited ${within} ms for ${what}`);
}
