import type { ProbePlan } from '../../protocol/plan.ts';
import { spawnShim } from '../../platform/shim.ts';
import { describeExit } from '../exit.ts';
import { withPort } from '../port-words.ts';
import type { Answer, ProbeContext } from './answer.ts';
import { tryTimeout, withLimit } from './timing.ts';

type ExecProbe = Extract<ProbePlan, { probe: 'exec' }>;

/** From the stop signal to SIGKILL, for a program that did not end within its try. */
const GRACE_MS = 100;
const LONGEST_OUTPUT = 400;

/** Passes when a program ends with exit code 0. */
export async function askExec(probe: ExecProbe, ctx: ProbeContext): Promise<Answer> {
  const words = withPort(probe.run, ctx.self?.port);
  const shim = spawnShim({
    run: words.run,
    cwd: ctx.root,
    env: { ...ctx.env, ...words.env },
    stdout: 'pipe',
    stderr: 'pipe',
    graceMs: GRACE_MS,
  });
  let output = '';
  for (const stream of [shim.stdout, shim.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-LONGEST_OUTPUT);
    });
  }
  const answer = (ok: boolean, how: string): Answer => {
    const said = output.trim() === '' ? '' : `: ${output.trim()}`;
    return { ok, fields: {}, answer: `exec ${words.run.join(' ')} ${how}${said}` };
  };
  try {
    const exit = await withLimit(tryTimeout(probe), ctx.signal, () => shim.exited);
    return answer(exit.code === 0, describeExit(exit));
  } catch {
    await shim.stop();
    ctx.signal.throwIfAborted();
    return answer(false, `did not end within ${tryTimeout(probe)} ms`);
  }
}
