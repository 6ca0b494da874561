import type { GatePlan } from '../protocol/plan.ts';
import type { ProbeContext } from '../resources/probes/answer.ts';
import { askOnce } from '../resources/probes/run.ts';
import { pauseAfter } from '../resources/probes/timing.ts';

export interface GateAnswers {
  passed(generation: number | undefined): void;
  /** Only called when the answer differs from the last one. */
  refused(answer: string): void;
}

/**
 * Asks a gate's probe again and again until the context's signal is aborted; what it answers decides others. Rejects
 * when the probe can never be asked, such as for a config host that died.
 */
export async function watchGate(plan: GatePlan, context: ProbeContext, answers: GateAnswers): Promise<void> {
  const { probe } = plan;
  if (probe === undefined) {
    answers.passed(undefined);
    return;
  }
  const since = Date.now();
  let last: string | undefined;
  while (!context.signal.aborted) {
    const result = await askOnce(probe, context).catch((error: unknown) => {
      if (wasAborted(context)) return undefined;
      throw error;
    });
    if (result === undefined || wasAborted(context)) return;
    if (result.ok) answers.passed(result.generation);
    else if (result.answer !== last) answers.refused(result.answer);
    last = result.answer;
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(Date.now() - since, probe)));
  }
}

/** A function of its own, because the loop's condition would otherwise count as still true after the await. */
const wasAborted = ({ signal }: ProbeContext): boolean => signal.aborted;
