import type { Hello } from '../protocol/messages.ts';
import type { State } from './state.ts';

/**
 * Which connections hold a lease. Mostly one; two where a main process gets the lease for a worker that it is about
 * to start. The first is called like the lease itself.
 */
export class Holders {
  private readonly nonce: string;
  private readonly byLease = new Map<string, Set<string>>();

  /** @param nonce of this generation: a lease of an earlier one may have the same number */
  constructor(nonce: string) {
    this.nonce = nonce;
  }

  /** The lease that a newcomer takes part in, as far as it is there, of its run, and nobody else has done so. */
  sharedWith({ lease: asked, run }: Hello, { leases }: State): string | undefined {
    const lease = Object.keys(leases).find((id) => `${this.nonce}/${id}` === asked);
    if (lease === undefined || leases[lease]?.run !== run) return undefined;
    return this.byLease.get(lease)?.size === 1 ? lease : undefined;
  }

  add(lease: string, connection: string): void {
    const connections = this.byLease.get(lease) ?? new Set();
    this.byLease.set(lease, connections.add(connection));
  }

  /** The connection is closed. True when nobody holds the lease any more. */
  remove(lease: string, connection: string): boolean {
    const connections = this.byLease.get(lease);
    connections?.delete(connection);
    if (connections !== undefined && connections.size > 0) return false;
    return this.byLease.delete(lease);
  }

  /** The lease that a connection holds; what has none stands for itself. */
  leaseOf(connection: string): string {
    for (const [lease, connections] of this.byLease) if (connections.has(connection)) return lease;
    return connection;
  }

  of(lease: string): readonly string[] {
    return [...(this.byLease.get(lease) ?? [])];
  }
}
