/** A resource that was lost while it was in use, told as it happens. */
import { rootCause } from '../protocol/failure.ts';
import type { Transition } from './fold.ts';
import { clock } from './format.ts';

/** The line about it; undefined for every other transition. */
export function incidentLine(transition: Transition): string | undefined {
  const { kind, before, after, name, at } = transition;
  if (kind !== 'resource' || before.state !== 'ready') return undefined;
  if (after.state !== 'failed' && after.state !== 'restarting') return undefined;
  return `greenroom: ${clock(at)} ${name} is lost: ${rootCause(after.failure).message}`;
}
