/** Many failures, few reasons: each root cause once, with all that came of it. */
import type { Code } from '../protocol/codes.ts';
import { type Failure, rootCause } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { RunFacts } from './facts.ts';
import { isInfra, type Judged, verdictOn } from './verdicts.ts';

/** One error of the tests themselves. */
export interface Fault {
  readonly message: string;
  /** What failed with it, and what never ran because of that. */
  readonly consequences: readonly Judged[];
}

/** One thing that was wrong with the infrastructure. */
export interface Cause extends Fault {
  readonly code: Code;
  readonly hint?: string;
  /** The incident that it was, where it was one. */
  readonly incident?: Incident;
}

interface Identity extends Omit<Cause, 'consequences'> {
  readonly key: string;
}

/**
 * The run's own failures come first, whatever came of them; but a coordinator that was lost once and of which nobody
 * has suffered is no failure of the run.
 */
export function causesOf(
  { failure, incidents, losses, reported }: RunFacts,
  judged: readonly Judged[],
): readonly Cause[] {
  const certain = [failure ?? [], losses.length > 1 ? losses : [], reported].flat().map(identify);
  const causes = new Map<string, Cause>(certain.map(({ key, ...cause }) => [key, { ...cause, consequences: [] }]));
  const told = [...certain, ...losses.map(identify)];
  for (const one of judged) {
    const identity = isInfra(one.meta) ? identityOf(one, told, incidents) : undefined;
    if (identity === undefined) continue;
    const { key, ...cause } = identity;
    const known = causes.get(key) ?? { ...cause, consequences: [] };
    causes.set(key, { ...known, consequences: [...known.consequences, one] });
  }
  return [...causes.values()];
}

/** Two failures are one when the same thing failed in the same way: what a probe said last may differ. */
function identify(failure: Failure): Identity {
  const { code, message, subject, hint = failure.hint } = rootCause(failure);
  return { key: `${code} ${subject ?? message}`, code, message, ...(hint === undefined ? {} : { hint }) };
}

function identityOf(
  { spec, suite, blocker, meta }: Judged,
  told: readonly Identity[],
  incidents: readonly Incident[],
): Identity | undefined {
  const error = (blocker ?? suite ?? spec)?.error;
  const { code, evidence, incident: id } = blocker?.meta ?? meta;
  if (code === undefined) return undefined;
  const incident = incidents.find((one) => one.id === id);
  if (incident !== undefined) return { key: incident.id, code, message: incident.failure.message, incident };
  const text = evidence[0]?.text ?? '';
  // What quotes a failure that the run knows of already is no second cause.
  const known = told.find(({ message }) => `${text}\n${error?.message}`.includes(message));
  if (known !== undefined) return known;
  const hint = error?.hint;
  return {
    key: `${code} ${text}`,
    code,
    message: text.replace(` [${code}]`, ''),
    ...(hint === undefined ? {} : { hint }),
  };
}

/**
 * What is the tests' own, or may be it: the same error in many specs is one thing to look at.
 *
 * @param unsure of what failed, only what may be the infrastructure's
 */
export function faultsOf(judged: readonly Judged[], unsure: boolean): readonly Fault[] {
  const faults = new Map<string, Judged[]>();
  for (const one of judged.filter(({ meta }) => !isInfra(meta))) {
    if ((verdictOn(one) === 'UNSURE') !== unsure) continue;
    const message = messageOf(one);
    if (message !== undefined) faults.set(message, [...(faults.get(message) ?? []), one]);
  }
  return [...faults].map(([message, consequences]) => ({ message, consequences }));
}

/** Undefined for a spec that never ran although nothing around it failed. */
function messageOf({ spec, suite, blocker }: Judged): string | undefined {
  const failed = spec?.said === 'fail' ? spec : (suite ?? blocker);
  return failed === undefined ? undefined : (failed.error?.message ?? 'failed without an error');
}
