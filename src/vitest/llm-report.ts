import type { State } from '../coordinator/state.ts';
import type { Plan } from '../protocol/plan.ts';
import { askControl } from '../resources/llm/control-client.ts';
import { reportLines, type Report } from '../resources/llm/report.ts';

/**
 * What the mock LLMs of a run have to tell: requests that no scenario matched, and scenarios that answered nothing. Of
 * each worker's own, only its log tells.
 *
 * @param since Milliseconds since 1970: when the run began.
 */
export async function llmLines(plan: Plan, state: State, since: number): Promise<readonly string[]> {
  const told = Object.entries(state.resources).map(async ([name, resource]) => {
    if (plan.resources[name]?.kind !== 'mockLlm' || resource.state !== 'ready') return [];
    const { control } = resource.endpoint;
    if (typeof control !== 'string') return [];
    // One that is gone is told of elsewhere.
    const report = (await askControl(control, '/report', { since }).catch(() => undefined)) as Report | undefined;
    // A run that asks nothing needs no scenarios.
    return report === undefined || report.requests === 0 ? [] : reportLines(report).map((line) => `${name}: ${line}`);
  });
  return (await Promise.all(told)).flat();
}
