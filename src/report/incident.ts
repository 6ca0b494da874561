/** A resource that was not well while it was in use, told as it happens. */
import { rootCause } from '../protocol/failure.ts';
import type { Transition } from './fold.ts';
import { clock, duration } from './format.ts';

/** The line about its loss, its return or its end; undefined for every other transition. */
export function incidentLine(transition: Transition): string | undefined {
  const { kind, before, after, name, at } = transition;
  if (kind !== 'resource') return undefined;
  const line = (text: string): string => `greenroom: ${clock(at)} ${name} ${text}`;
  if (before.state === 'ready') {
    if (after.state === 'unhealthy') return line(`is not well: ${rootCause(after.failure).message}`);
    if (after.state !== 'failed' && after.state !== 'restarting') return undefined;
    return line(`is lost: ${rootCause(after.failure).message}`);
  }
  if (before.state !== 'unhealthy' && before.state !== 'restarting') return undefined;
  if (after.state === 'failed') return line(`is given up: ${after.failure.message}`);
  return after.state === 'ready' ? line(`is well again after ${duration(at - before.since)}`) : undefined;
}
