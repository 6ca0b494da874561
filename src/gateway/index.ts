/** `greenroom/gateway`: what a spec does with the gateway of a resource. */
import { GreenroomError } from '../protocol/failure.ts';
import { askGateway } from './ask.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';

export type { End, Exchange } from './exchange.ts';
export type { Effect, Fault, FaultKind, Pattern } from './fault.ts';

/** The gateway of one resource, as one slot has it. */
export interface Edge {
  /**
   * Scripts a fault for this slot's exchanges from now on; with `spec`, for those of that spec alone. Those of other
   * slots are never touched. Of several, the first whose turn it is happens.
   */
  fault(fault: Fault): Promise<void>;
  /** This slot's exchanges, or one spec's, the oldest first; at most the last 1,000. */
  exchanges(of?: { readonly spec?: string }): Promise<readonly Exchange[]>;
  /** Forgets the faults of this slot; with `spec`, those of that spec alone. */
  clear(of?: { readonly spec?: string }): Promise<void>;
}

/**
 * @param endpoint of a resource that has a gateway, as a spec sees it
 * @throws GreenroomError NO_GATEWAY. What the returned functions throw: GATEWAY_REFUSED, GATEWAY_LOST
 */
export function gateway(endpoint: object): Edge {
  const { gateway: socket, gatewaySlot } = endpoint as { readonly gateway?: unknown; readonly gatewaySlot?: unknown };
  if (typeof socket !== 'string') {
    throw new GreenroomError({
      code: 'NO_GATEWAY',
      message: 'this is no endpoint of a resource that has a gateway',
      hint: 'give the resource one in greenroom.config.ts: `gateway: {}`',
    });
  }
  const whose = typeof gatewaySlot === 'number' ? { slot: gatewaySlot } : {};
  return {
    fault: async (fault) => void (await askGateway(socket, '/fault', { ...whose, fault })),
    exchanges: async (of = {}) =>
      (await askGateway(socket, '/exchanges', { slot: whose.slot ?? null, ...of })) as readonly Exchange[],
    clear: async (of = {}) => void (await askGateway(socket, '/clear', { ...whose, ...of })),
  };
}
