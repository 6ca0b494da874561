/**
 * Runs in each Vitest worker, before each file. Shipped as TypeScript, because Vitest evaluates anew for each file
 * only what it transforms: the hooks of a compiled file in node_modules would hold a worker's first file alone.
 */
import { connectWorker, GreenroomError, isGreenroomError, type Session } from 'greenroom/client';
import { aroundAll, inject } from 'vitest';

type Membership = { readonly session: Session } | { readonly error: unknown };

const joined = inject('greenroom:joined');

/** Never rejects: an error at this point would keep the file's tests from being listed. The gate throws it instead. */
async function becomeMember(): Promise<Membership> {
  if ('failure' in joined) return { error: new GreenroomError(joined.failure) };
  try {
    const session = await connectWorker(joined.file, { run: joined.run });
    session.unref();
    process.env['GREENROOM_SLOT'] = String(session.welcome.slot);
    return { session };
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
    await gateOpens().catch(fail);
    await runSuite();
    await stillThere().catch(fail);
  },
  'patience' in joined ? joined.patience : undefined,
);

async function gateOpens(): Promise<void> {
  if ('error' in member) throw member.error;
  if ('failure' in joined) return;
  await member.session.wait({ resources: null, gates: Object.keys(joined.gates).map((name) => ({ name })) });
}

/**
 * What the specs said after the infrastructure was gone says nothing about what they test. Asked for, because a
 * service can die some moments before the end of the connection is seen here.
 */
async function stillThere(): Promise<void> {
  if ('session' in member) await member.session.status();
}

/** Vitest shows an error's message and where it was thrown. Here the latter says nothing, but code and next step do. */
function fail(error: unknown): never {
  if (!isGreenroomError(error)) throw error;
  const { failure } = error;
  const hint = failure.hint === undefined ? '' : `\nhint: ${failure.hint}`;
  const message = `${failure.message} [${failure.code}]${hint}`;
  throw Object.assign(new GreenroomError(failure), { message, stack: `GreenroomError: ${message}` });
}
