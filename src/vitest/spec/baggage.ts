import { baggage as valueOf } from '../../protocol/baggage.ts';
import { origin } from '../worker/origin.ts';
import { seat } from './slot.ts';

/**
 * The value of the header `baggage` that says whose a request is: this worker's slot and the spec that runs. `fetch`,
 * undici and `node:http` have it set for them when they ask an endpoint; this is for other clients, and for processes
 * that a spec starts.
 *
 * @param header What the request has as `baggage` besides.
 * @throws NOT_JOINED, or why the infrastructure is not there
 */
export function baggage(header?: string): string {
  const { slot } = seat(baggage);
  return valueOf(origin() ?? { slot }, header);
}
