import type { Blame } from '../../attribution/blame.ts';
import type { Code } from '../../protocol/codes.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Evidence, Verdict, VerdictMeta } from '../../protocol/verdict.ts';

/** Anything with a `meta`: it reaches reporters, the JSON report and blobs. */
interface Bearer {
  readonly meta: object;
}

type Meta = { greenroom?: VerdictMeta; greenroomRetried?: VerdictMeta };

type Why = Pick<VerdictMeta, 'code' | 'incident'>;

function setVerdict(task: Bearer, verdict: Verdict, evidence: readonly Evidence[], why: Why = {}): void {
  (task.meta as Meta).greenroom = { v: 1, verdict, ...why, evidence };
}

/** A retry, or a gate that opened after all, may come to something else. */
export function clearVerdict(task: Bearer): void {
  delete (task.meta as Meta).greenroom;
}

export function verdictOf(task: Bearer): VerdictMeta | undefined {
  return (task.meta as Meta).greenroom;
}

/** It was tried once more: what the first try was put down to stays to be seen, whatever comes of the second. */
export function setRetried(task: Bearer, first: VerdictMeta): void {
  (task.meta as Meta).greenroomRetried = first;
}

export function hasVerdict(task: Bearer): boolean {
  return (task.meta as Meta).greenroom !== undefined;
}

/** It failed by itself, while the infrastructure was there. That stands, whatever becomes of the infrastructure. */
export function setLogic(task: Bearer, evidence: readonly Evidence[]): void {
  const { greenroom: before } = task.meta as Meta;
  setVerdict(task, 'LOGIC', before?.verdict === 'LOGIC' ? [...before.evidence, ...evidence] : evidence);
}

/** Weaker claims win. */
const STRENGTH: Readonly<Record<Verdict, number>> = { LOGIC: 0, UNSURE: 1, INFRA: 2, NEVER_RAN: 2 };

/**
 * What one failure of it is put down to. What was said of it before stands where it claims less.
 *
 * @param code of the incident's first failure
 */
export function setBlame(task: Bearer, { verdict, incident }: Blame, evidence: readonly Evidence[], code?: Code): void {
  const { greenroom: before } = task.meta as Meta;
  if (verdict === 'LOGIC') return setLogic(task, evidence);
  if (before !== undefined && STRENGTH[before.verdict] <= STRENGTH[verdict]) return addEvidence(task, evidence);
  const why = verdict === 'INFRA' && code !== undefined ? { code } : {};
  setVerdict(task, verdict, evidence, { ...why, ...(incident === undefined ? {} : { incident }) });
}

/** A fact more, whatever it was put down to. */
export function addEvidence(task: Bearer, evidence: readonly Evidence[]): void {
  const { greenroom: before } = task.meta as Meta;
  if (before === undefined) return;
  const { verdict, evidence: known, code, incident } = before;
  const why = { ...(code === undefined ? {} : { code }), ...(incident === undefined ? {} : { incident }) };
  setVerdict(task, verdict, [...known, ...evidence], why);
}

/** It failed because the infrastructure did, unless it had failed by itself before. */
export function setInfra(task: Bearer, failure: Failure): void {
  if ((task.meta as Meta).greenroom?.verdict === 'LOGIC') return;
  const text = `${failure.message} [${failure.code}]`;
  setVerdict(task, 'INFRA', [{ kind: kindOf(failure), text, at: Date.now() }], { code: failure.code });
}

/** It could not run, because the infrastructure failed. */
export function setNeverRan(task: Bearer, failure: Failure): void {
  const text = `blocked by ${failure.subject ?? 'infrastructure'} [${failure.code}]`;
  setVerdict(task, 'NEVER_RAN', [{ kind: kindOf(failure), text, at: Date.now() }], { code: failure.code });
}

const OF_COORDINATOR: ReadonlySet<Code> = new Set([
  'COORDINATOR_LOST',
  'COORDINATOR_UNRESPONSIVE',
  'LEASE_REVOKED',
  'STOPPED',
]);
const OF_RESOURCE = /^(RESOURCE_|JOB_|DEPENDENCY_|ADOPT_|PORT_|FUNCTION_|CONFIG_HOST_|DISK_)/;

function kindOf({ code, subject }: Failure): string {
  if (OF_COORDINATOR.has(code)) return 'coordinator';
  if (code === 'GATE_TIMEOUT' || code === 'WAIT_TIMEOUT') return 'gate';
  if (subject === 'suite') return 'suite';
  return OF_RESOURCE.test(code) ? 'resource' : 'join';
}
