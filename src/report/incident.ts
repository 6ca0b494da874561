/** What was not well: told as it happens, and afterwards. */
import { type Failure, rootCause } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { Transition } from './fold.ts';
import { clock, count, duration } from './format.ts';

/**
 * The line about its loss, its return or its end; undefined for every other transition. `failure`: that it has failed,
 * or may not be there when it is used.
 */
export function incidentOf(transition: Transition): { readonly failure?: Failure; readonly line: string } | undefined {
  const { kind, before, after, name, at } = transition;
  if (kind !== 'resource') return undefined;
  const told = (text: string): { readonly line: string } => ({ line: `greenroom: ${clock(at)} ${name} ${text}` });
  if (before.state === 'ready') {
    if (after.state !== 'unhealthy' && after.state !== 'failed' && after.state !== 'restarting') return undefined;
    const { failure, state } = after;
    return { failure, ...told(`is ${state === 'unhealthy' ? 'not well' : 'lost'}: ${rootCause(failure).message}`) };
  }
  if (before.state !== 'unhealthy' && before.state !== 'restarting') return undefined;
  if (after.state === 'failed') return { failure: after.failure, ...told(`is given up: ${after.failure.message}`) };
  return after.state === 'ready' ? told(`is well again after ${duration(at - before.since)}`) : undefined;
}

/** Of which resource it is, or of whose own. */
export const incidentSubject = ({ resource, slot }: Incident): string =>
  slot === undefined ? resource : `${resource} of slot ${slot}`;

/** `I-1 db 20:41:07–20:41:09 (2.1s): db was ended by SIGKILL while in use, restarted once` */
export function incidentText(incident: Incident): string {
  const { id, from, until, failure, restarts, stopped, gaveUp } = incident;
  const time =
    until === undefined ? `since ${clock(from)}` : `${clock(from)}–${clock(until)} (${duration(until - from)})`;
  const facts = [
    rootCause(failure).message,
    ...(stopped === undefined ? [] : [`stopped by ${stopped.by} at ${clock(stopped.at)}`]),
    ...(restarts === 0 ? [] : [restarts === 1 ? 'restarted once' : `restarted ${count(restarts, 'time')}`]),
    ...(gaveUp === undefined ? [] : ['given up']),
  ];
  return `${id} ${incidentSubject(incident)} ${time}: ${facts.join(', ')}`;
}
