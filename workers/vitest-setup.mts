/**
 * Runs in each Vitest worker, before each file. Shipped as TypeScript, because Vitest evaluates anew for each file
 * only what it transforms: the hooks of a compiled file in node_modules would hold a worker's first file alone.
 */
import { connectWorker, type Failure, GreenroomError, type Session } from 'greenroom/client';
import { aroundAll, inject } from 'vitest';

type Membership = { readonly session: Session; lost?: Failure } | { readonly error: unknown };

const joined = inject('greenroom:joined');

/** Never rejects: an error at this point would keep the file's tests from being listed. The gate throws it instead. */
async function becomeMember(): Promise<Membership> {
  if ('failure' in joined) return { error: new GreenroomError(joined.failure) };
  try {
    const session = await connectWorker(joined.file, { run: joined.run });
    session.unref();
    const member: Membership = { session };
    void session.lost.then((failure) => (member.lost = failure));
    process.env['GREENROOM_SLOT'] = String(session.welcome.slot);
    return member;
  } catch (error) {
    return { error };
  }
}

/** One lease for a worker, however many files it runs: `process` outlives a file in every pool. */
const KEY = Symbol.for('greenroom.worker');
const worker = process as unknown as { [KEY]?: Promise<Membership> };
const member = await (worker[KEY] ??= becomeMember());

aroundAll(
  async (runSuite) => {
    if ('error' in member) throw member.error;
    if ('gates' in joined) {
      await member.session.wait({ resources: null, gates: joined.gates.map((name) => ({ name })) });
    }
    await runSuite();
    // What the specs said after the infrastructure was gone says nothing about what they test.
    if (member.lost) throw new GreenroomError(member.lost);
  },
  'patience' in joined ? joined.patience : undefined,
);
