/** `ports`: TCP ports for servers that specs start themselves. */
import { defineResource, type CommonOptions, type Resource, type SliceOptions } from '../define.ts';

export interface PortsOptions extends CommonOptions, Pick<SliceOptions, 'slice'> {
  /** How many, 1 to 1000; default 1. */
  readonly count?: number;
}

export type PortsEndpoint = {
  readonly host: string;
  /** Free, and nobody else's on this machine. In no order. */
  readonly ports: readonly number[];
  /** The first of them. */
  readonly port: number;
};

export function ports(options: PortsOptions = {}): Resource<PortsEndpoint> {
  return defineResource<PortsEndpoint>('ports', { ...options });
}
