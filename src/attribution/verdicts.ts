import type { Failure } from '../protocol/failure.ts';
import { redactText } from '../protocol/redact.ts';
import type { Evidence, Verdict, VerdictMeta } from '../protocol/verdict.ts';
import { classOf } from './classes.ts';
import type { FileFacts, RunFacts, SpecFacts, SuiteFacts } from './facts.ts';

/** One thing that did not pass, and what it is put down to. */
export interface Judged {
  readonly file: FileFacts;
  /** The spec that failed or never ran; undefined when it is a suite, or the file, that failed as such. */
  readonly spec?: SpecFacts;
  readonly suite?: SuiteFacts;
  /** For a spec that never ran: the suite around it that failed. */
  readonly blocker?: SuiteFacts;
  readonly meta: VerdictMeta;
}

/** Whether the infrastructure is the reason, rather than what is tested. */
export function isInfra({ verdict, code }: VerdictMeta): boolean {
  return verdict === 'INFRA' || (verdict === 'NEVER_RAN' && code !== undefined);
}

/** The verdict on what failed: for a spec that never ran, on what blocks it. */
export function verdictOn({ blocker, meta }: Judged): Verdict {
  return blocker === undefined ? meta.verdict : (blocker.meta ?? LOGIC).verdict;
}

/**
 * The verdict on each spec that failed or never ran, and on each suite and file that failed as such. What a worker
 * said stands; a failure that it said nothing about is the test's own. `at`: milliseconds since the epoch.
 */
export function judge(run: RunFacts, at: number): readonly Judged[] {
  return run.files.flatMap((file) => [
    ...file.broken.map((suite) => ({ file, suite, meta: suite.meta ?? LOGIC })),
    ...file.specs.flatMap((spec) => judgeSpec(run, file, spec, at)),
  ]);
}

const LOGIC: VerdictMeta = { v: 1, verdict: 'LOGIC', evidence: [] };

function judgeSpec(run: RunFacts, file: FileFacts, spec: SpecFacts, at: number): Judged[] {
  const what = classOf(spec);
  if (what === 'failed') return [{ file, spec, meta: spec.meta ?? LOGIC }];
  if (what !== 'neverRan') return [];
  const blocker = file.broken.findLast(({ id }) => spec.within.includes(id));
  const meta = spec.meta ?? neverRan(why(run, blocker), at);
  return [{ file, spec, ...(blocker === undefined ? {} : { blocker }), meta }];
}

type Reason = Pick<Evidence, 'kind' | 'text'> & Pick<VerdictMeta, 'code'>;

function neverRan({ kind, text, ...code }: Reason, at: number): VerdictMeta {
  return { v: 1, verdict: 'NEVER_RAN', ...code, evidence: [{ kind, text, at }] };
}

/** Why a spec never ran: the suite around it that failed, else what ended the whole run, else its worker's end. */
function why(run: RunFacts, blocker: SuiteFacts | undefined): Reason {
  if (blocker !== undefined) return blockedBy(blocker);
  const lost = run.losses.length > 1 ? run.losses.at(-1) : undefined;
  if (lost !== undefined) return withoutInfra(lost, 'coordinator');
  if (run.failure !== undefined) return withoutInfra(run.failure, 'join');
  if (run.ended !== undefined) return { kind: 'run', text: `the run was over before it: ${run.ended}` };
  return { kind: 'run', text: 'the worker that had its file ended before it' };
}

function blockedBy({ name, error, meta: { code, evidence } = LOGIC }: SuiteFacts): Reason {
  const message = redactText(error.message.split('\n', 1)[0] ?? '');
  const text = `blocked by ${name === '' ? 'its file' : name}: ${message}`;
  return { ...(code === undefined ? {} : { code }), kind: evidence[0]?.kind ?? 'run', text };
}

function withoutInfra({ code, message }: Failure, kind: string): Reason {
  return { code, kind, text: `blocked by ${message}` };
}
