import type { Failure } from '../../protocol/failure.ts';
import type { FileMembership } from './membership.ts';
import { both } from './asks.ts';
import { mistaken } from './say.ts';

/** Specs of this worker that have parts of resources of their own, or want them. */
let holders = 0;

/**
 * Runs a spec with the parts that each spec has of its own. The environment is one for all specs of a worker, so only
 * one at a time can have them.
 *
 * @param hold waits, and says in the spec's verdict why it cannot have them
 * @throws Error SLICE_SCOPE
 */
export async function withOwnParts(
  membership: FileMembership,
  hold: (wait: () => Promise<void>) => Promise<void>,
  run: () => Promise<void>,
): Promise<void> {
  const resources = membership.ofSpecs;
  if (resources.length === 0) return run();
  holders += 1;
  try {
    if (holders > 1) throw mistaken(concurrent(resources));
    await hold(() => membership.wait(both(membership.asked, { resources, gates: [] }), 'test'));
    await run();
  } finally {
    holders -= 1;
    if (holders === 0) membership.release('test');
  }
}

function concurrent(resources: readonly string[]): Failure {
  return {
    code: 'SLICE_SCOPE',
    message: `specs of one file that run at the same time cannot each have ${resources.join(', ')} of their own`,
    hint: "leave `concurrent` out, or cut it for the file: `slice: 'file'`",
  };
}
