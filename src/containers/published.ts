/** Ports of this machine behind which a container of this coordinator listens. */
import type { Inside } from './views.ts';

export interface Published extends Inside {
  /** Whose it is, as the user calls it. */
  readonly resource: string;
  /** Names of the networks that it is on. */
  readonly networks: ReadonlySet<string>;
}

const published = new Map<number, Published>();

/** @returns what takes them off again */
export function publish(ports: ReadonlyMap<number, Published>): () => void {
  for (const [port, there] of ports) published.set(port, there);
  return () => {
    for (const [port, there] of ports) if (published.get(port) === there) published.delete(port);
  };
}

export const publishedAt = (port: number): Published | undefined => published.get(port);
