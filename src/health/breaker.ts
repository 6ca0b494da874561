/** What the health of single resources comes to: whether specs may use them, and how the whole is. Pure. */

/**
 * `closed`: specs pass. `open`: what is needed is unhealthy, so specs are held. `half-open`: it is being brought back,
 * and the first answer decides.
 */
export type Breaker = 'closed' | 'open' | 'half-open';

/** `degraded`: something is being brought back. `unhealthy`: something was given up. */
export type SystemHealth = 'healthy' | 'degraded' | 'unhealthy';

interface Stands {
  readonly state: string;
}

/** Of a resource that was up before; undefined where it is not its health that decides. */
export function breakerOf({ state }: Stands): Breaker | undefined {
  if (state === 'ready') return 'closed';
  if (state === 'unhealthy') return 'open';
  return state === 'restarting' ? 'half-open' : undefined;
}

/** The worst of all. */
export function systemHealth(resources: Readonly<Record<string, Stands>>): SystemHealth {
  const states = Object.values(resources).map(({ state }) => state);
  if (states.includes('failed')) return 'unhealthy';
  return states.some((state) => state === 'unhealthy' || state === 'restarting') ? 'degraded' : 'healthy';
}
