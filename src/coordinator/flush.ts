import { z } from 'zod';
import { GreenroomError, toFailure, type Failure } from '../protocol/failure.ts';
import type { Endpoint, Endpoints, Json, ResourcePlan } from '../protocol/plan.ts';
import type { FlushOutcome } from './events.ts';
import type { Surroundings } from './resource-context.ts';

const count = z.int().nonnegative();
/** What a `flush` function may return. It is the user's. */
const counted = z.object({ accepted: count, stored: count }).nullable();

/** Of a resource that cannot be asked any more. */
export function flushTooLate(name: string): FlushOutcome {
  const message = `${name} was lost before it could be flushed: what it had accepted and not stored is lost with it`;
  return { failure: { code: 'FLUSH_FAILED', message, subject: name } };
}

/** Has a resource store what it has accepted, within its stop time-out. Never rejects. */
export async function flush(
  call: Surroundings['call'],
  name: string,
  { flush: fn, stopTimeout }: ResourcePlan,
  endpoint: Endpoint,
  needs: Endpoints,
): Promise<FlushOutcome> {
  if (fn === undefined) return {};
  try {
    const counts = countsOf(name, await call(fn, [endpoint as Json, needs as Json], stopTimeout));
    if (counts === null) return {};
    return counts.accepted === counts.stored ? counts : { ...counts, failure: notStored(name, counts) };
  } catch (error) {
    const cause = toFailure(error, 'FUNCTION_FAILED');
    const message = `${name} was not flushed: ${cause.message}`;
    const hint = `what it had accepted may not be stored; \`flush\` has its \`stopTimeout\`, ${stopTimeout} ms`;
    return { failure: { code: 'FLUSH_FAILED', message, subject: name, hint } };
  }
}

interface Counts {
  readonly accepted: number;
  readonly stored: number;
}

function countsOf(name: string, value: Json): Counts | null {
  const checked = counted.safeParse(value);
  if (checked.success) return checked.data;
  throw new GreenroomError({
    code: 'FUNCTION_FAILED',
    message: `it returned ${JSON.stringify(value)}, which is neither nothing nor \`{ accepted, stored }\``,
    subject: name,
  });
}

function notStored(name: string, { accepted, stored }: Counts): Failure {
  const difference =
    stored < accepted
      ? `${accepted - stored} of ${accepted} that it had accepted are lost`
      : `${stored - accepted} more than the ${accepted} that it had accepted are stored`;
  const message = `${name} was flushed, and ${difference}`;
  return { code: 'NOT_STORED', message, subject: name, hint: `see its log: \`greenroom logs ${name}\`` };
}
