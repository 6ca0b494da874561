/** Verdicts on Vitest's own tasks, where its reports and blobs take them from. */
import type { RunnerTestCase } from 'vitest';
import type { Vitest } from 'vitest/node';
import { classOf } from '../../attribution/classes.ts';
import type { FileFacts } from '../../attribution/facts.ts';
import type { Judged } from '../../attribution/verdicts.ts';
import type { VerdictMeta } from '../../protocol/verdict.ts';
import { setMeta } from './tasks.ts';

/** Name of the property in JUnit reports. */
const PROPERTY = 'greenroom';

export function mark(vitest: Vitest, judged: readonly Judged[]): void {
  // Terminal reporters print annotations beside the error, where a verdict says nothing new.
  const { reporters } = vitest as unknown as { readonly reporters: readonly object[] };
  const annotated = reporters.some((reporter) => reporter.constructor.name === 'JUnitReporter');
  for (const { spec, suite, meta } of judged) {
    const task = vitest.state.idMap.get((spec ?? suite)?.id ?? '');
    if (task === undefined) continue;
    setMeta(task, meta);
    if (task.type !== 'test') continue;
    if (spec?.said !== 'fail') leaveOut(task, meta);
    if (annotated) annotate(task, meta);
  }
}

/** Without a result, a JUnit report would have it for passed. */
function leaveOut(spec: RunnerTestCase, { evidence }: VerdictMeta): void {
  spec.mode = 'skip';
  spec.result = Object.assign(spec.result ?? {}, { state: 'skip' as const, note: evidence[0]?.text });
}

/** Once, also when reports are merged that have it already. */
function annotate({ annotations }: RunnerTestCase, { verdict, code, evidence }: VerdictMeta): void {
  if (annotations.some(({ type }) => type === PROPERTY)) return;
  const [first] = evidence;
  const message = [verdict, code, first?.text].filter((part) => part !== undefined).join(' ');
  annotations.push({ type: PROPERTY, message });
}

/** When a run is cancelled, both majors put their note on declared skips too, and merged reports could not tell. */
export function unmarkSkipped({ state }: Vitest, files: readonly FileFacts[]): void {
  for (const spec of files.flatMap((file) => file.specs)) {
    const task = spec.aborted && classOf(spec) === 'skipped' ? state.idMap.get(spec.id) : undefined;
    delete task?.result;
  }
}
