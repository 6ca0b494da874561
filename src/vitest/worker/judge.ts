import type { State } from '../../coordinator/state.ts';
import { toFailure } from '../../protocol/failure.ts';
import { unreachedIn } from './addresses.ts';
import { explain } from './endpoints.ts';
import type { FileMembership } from './membership.ts';
import { retell, type Told } from './say.ts';
import { setInfra, setLogic } from './verdicts.ts';

/**
 * Says of the errors of a file or spec what the infrastructure has to do with them: that it is gone, or what stands at
 * the addresses they could not reach. The coordinator is asked, because a service can die some moments before the end
 * of the connection is seen here.
 */
export async function judge(
  task: { readonly meta: object },
  errors: readonly Told[],
  membership: FileMembership,
): Promise<void> {
  const [first] = errors;
  if (!membership.joined || first === undefined) return;
  let state: State;
  try {
    state = await membership.state();
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    // A coordinator that is slow says nothing about what it has started.
    if (failure.code === 'COORDINATOR_UNRESPONSIVE') setLogic(task, []);
    else setInfra(task, failure);
    add(first, [`${failure.message} [${failure.code}]`]);
    return;
  }
  const known = { ...state, given: membership.endpoints };
  const lines = errors.flatMap((error) => {
    const explained = unreachedIn(error).map((one) => explain(one, known));
    add(error, explained);
    return explained;
  });
  const at = Date.now();
  const evidence = [...new Set(lines)].map((text) => ({ kind: 'address', text, at }));
  setLogic(task, evidence);
}

function add(error: Told, lines: readonly string[]): void {
  if (lines.length > 0) retell(error, (message) => [message, ...lines.map((line) => `↳ ${line}`)].join('\n'));
}
