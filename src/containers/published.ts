/** Ports of this machine behind which a container of this coordinator listens. */
import type { Inspected } from './inspect.ts';
import { hostName } from './labels.ts';
import type { Inside } from './views.ts';

export interface Published extends Inside {
  /** Whose it is, as the user calls it. */
  readonly resource: string;
  /** Names of the networks that it is on. */
  readonly networks: ReadonlySet<string>;
}

const published = new Map<number, Published>();

/**
 * @param name of the resource, with a slot in it where each worker has one
 * @returns what takes them off again
 */
export function publish({ published: ports, networks }: Inspected, resource: string, name: string): () => void {
  const there = { host: hostName(name), resource, networks: new Set(networks.keys()) };
  const own = new Map([...ports].map(([inside, outside]) => [outside, { ...there, port: inside }]));
  for (const [port, at] of own) published.set(port, at);
  return () => {
    for (const [port, at] of own) if (published.get(port) === at) published.delete(port);
  };
}

export const publishedAt = (port: number): Published | undefined => published.get(port);
