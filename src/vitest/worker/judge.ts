import { toFailure } from '../../protocol/failure.ts';
import { unreachedIn } from './addresses.ts';
import { explain } from './endpoints.ts';
import type { FileMembership } from './membership.ts';
import { retell, type Told } from './say.ts';
import { setInfra, setVerdict } from './verdicts.ts';

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
  try {
    const { resources } = await membership.state();
    const lines = errors.flatMap((error) => {
      const explained = unreachedIn(error).map((one) => explain(one, { resources, given: membership.endpoints }));
      add(error, explained);
      return explained;
    });
    const at = Date.now();
    const evidence = [...new Set(lines)].map((text) => ({ kind: 'address', text, at }));
    if (evidence.length > 0) setVerdict(task, 'LOGIC', evidence);
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    setInfra(task, failure);
    add(first, [`${failure.message} [${failure.code}]`]);
  }
}

function add(error: Told, lines: readonly string[]): void {
  if (lines.length > 0) retell(error, (message) => [message, ...lines.map((line) => `↳ ${line}`)].join('\n'));
}
