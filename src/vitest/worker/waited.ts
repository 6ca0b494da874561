import type { Asked } from './asks.ts';
import { now } from './clock.ts';

/** How long a file or spec was held before it could run, and for what. In `task.meta`, beside its verdict. */
export interface Waited {
  /** Milliseconds. */
  readonly ms: number;
  readonly for: readonly string[];
}

export type WaitedMeta = { greenroomWaited?: Waited };

/** Shorter waits explain nothing. */
const WORTH_TELLING_MS = 100;

/** Waits, and notes how long that took, whatever comes of it. What a spec waits for in turn adds up. */
export async function noteWait<T>(
  task: { readonly meta: object },
  { resources, gates }: Asked,
  wait: () => Promise<T>,
): Promise<T> {
  const began = now();
  try {
    return await wait();
  } finally {
    const ms = now() - began;
    if (ms >= WORTH_TELLING_MS) {
      const meta = task.meta as WaitedMeta;
      const before = meta.greenroomWaited ?? { ms: 0, for: [] };
      // Who waits for a gate waits for what is below it, too.
      const what = gates.length > 0 ? gates.map((name) => `gate ${name}`) : resources;
      meta.greenroomWaited = { ms: before.ms + ms, for: [...new Set([...before.for, ...what])] };
    }
  }
}
