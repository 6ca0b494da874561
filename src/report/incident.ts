/** A resource that was lost while it was in use, told as it happens. */
import { type Failure, rootCause } from '../protocol/failure.ts';
import type { Transition } from './fold.ts';
import { clock } from './format.ts';

/** What it was, and the line about it; undefined for every other transition. */
export function incidentOf(transition: Transition): { readonly failure: Failure; readonly line: string } | undefined {
  const { kind, before, after, name, at } = transition;
  if (kind !== 'resource' || before.state !== 'ready') return undefined;
  if (after.state !== 'failed' && after.state !== 'restarting') return undefined;
  const { failure } = after;
  return { failure, line: `greenroom: ${clock(at)} ${name} is lost: ${rootCause(failure).message}` };
}
