/** What was not well: told as it happens, and afterwards. */
import { rootCause } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { Transition } from './fold.ts';
import { clock, count, duration } from './format.ts';

/** The line about it; undefined for every other transition. */
export function incidentLine(transition: Transition): string | undefined {
  const { kind, before, after, name, at } = transition;
  if (kind !== 'resource' || before.state !== 'ready') return undefined;
  if (after.state !== 'failed' && after.state !== 'restarting') return undefined;
  return `greenroom: ${clock(at)} ${name} is lost: ${rootCause(after.failure).message}`;
}

/** `I-1 db 20:41:07–20:41:09 (2.1s): db was ended by SIGKILL while in use, restarted once` */
export function incidentText({
  id,
  resource,
  slot,
  from,
  until,
  failure,
  restarts,
  stopped,
  gaveUp,
}: Incident): string {
  const whose = slot === undefined ? resource : `${resource} of slot ${slot}`;
  const time =
    until === undefined ? `since ${clock(from)}` : `${clock(from)}–${clock(until)} (${duration(until - from)})`;
  const facts = [
    rootCause(failure).message,
    ...(stopped === undefined ? [] : [`stopped by ${stopped.by} at ${clock(stopped.at)}`]),
    ...(restarts === 0 ? [] : [restarts === 1 ? 'restarted once' : `restarted ${count(restarts, 'time')}`]),
    ...(gaveUp === undefined ? [] : ['given up']),
  ];
  return `${id} ${whose} ${time}: ${facts.join(', ')}`;
}
