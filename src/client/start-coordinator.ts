import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { compiledEnv } from '../platform/compiled.ts';
import { within } from '../platform/deadline.ts';
import { entry } from '../platform/entry.ts';
import { makeProjectDir, projectDir } from '../platform/project-dir.ts';
import { cannotWrite, GreenroomError, type Failure } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';

/** It handles small messages for a long time: a small young generation saves 6 MB, and its collections go unnoticed. */
const SMALL_HEAP = '--max-semi-space-size=1';
/** Milliseconds a candidate has until it says whether it has won. */
const ELECTION_MS = 10_000;

/** What a coordinator is started with, on its standard input. */
export interface Candidacy {
  readonly plan: Plan;
  readonly keyDir: string;
  /** The generation it stands for. */
  readonly generation: number;
  readonly logDir: string;
}

/** What a candidate says on its standard output, once. */
export type Outcome = { readonly won: boolean } | { readonly failure: Failure };

/**
 * Starts a candidate for the next generation and waits until it has won or lost. It is detached: it outlives us.
 *
 * @throws GreenroomError COORDINATOR_START_FAILED, or the candidate's own failure.
 */
export async function startCoordinator(plan: Plan, keyDir: string, generation: number): Promise<void> {
  const logDir = generationLogDir(plan, generation);
  const logFile = join(logDir, 'coordinator.log');
  const log = openLog(plan.root, logDir, logFile);
  const candidacy: Candidacy = { plan, keyDir, generation, logDir };
  const fault = process.env['GREENROOM_FAULT'];
  const child = execa(process.execPath, [SMALL_HEAP, entry('coordinator')], {
    cwd: plan.root,
    env: { ...plan.env, ...compiledEnv(process.env), ...(fault === undefined ? {} : { GREENROOM_FAULT: fault }) },
    extendEnv: false,
    input: JSON.stringify(candidacy),
    stdout: 'pipe',
    // Any descriptor will do, but the types only name the first ten.
    stderr: log as 3,
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  closeSync(log);
  child.nodeChildProcess.unref();
  const failed = (why: string): GreenroomError =>
    new GreenroomError({
      code: 'COORDINATOR_START_FAILED',
      message: `the coordinator did not come up: ${why}`,
      hint: `see ${logFile}`,
      logFile,
    });
  const spoke = firstLine(child.nodeChildProcess.stdout);
  const line = await within(spoke, ELECTION_MS, () => {
    child.nodeChildProcess.kill('SIGKILL');
    throw failed(`no answer within ${ELECTION_MS} ms`);
  });
  // The coordinator outlives us, and its pipe must not keep us.
  child.nodeChildProcess.stdout?.destroy();
  if (line === undefined) throw failed('it died before its election');
  const outcome = JSON.parse(line) as Outcome;
  if ('failure' in outcome) throw new GreenroomError(outcome.failure);
}

function firstLine(stdout: NodeJS.ReadableStream | null): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
    stdout?.once('close', () => resolve(undefined));
  });
}

/** Where events and logs of a generation are. */
function generationLogDir(plan: Plan, generation: number): string {
  return projectDir(plan.root, 'generations', `${plan.key}-${generation}`);
}

function openLog(root: string, logDir: string, logFile: string): number {
  try {
    makeProjectDir(root, logDir);
    return openSync(logFile, 'a', 0o600);
  } catch (error) {
    throw cannotWrite(logDir, error, 'COORDINATOR_START_FAILED', 'make the project directory writable');
  }
}
