/** Waits. Every one has a deadline. */

/** Twelve days, as good as for ever. Node's timers fire at once from twice that on; so a sum of two is safe as well. */
export const LONGEST_MS = 2 ** 30;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Resolves with what `promise` gives, or with what `otherwise` returns once `ms` have passed.
 */
export async function within<T, U>(promise: Promise<T>, ms: number, otherwise: () => U): Promise<T | U> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const timer = setTimeout(end, ms);
  try {
    return await Promise.race([promise, over.then(otherwise)]);
  } finally {
    clearTimeout(timer);
  }
}

/** Polls a condition every few milliseconds; false when it is still not met at the deadline. */
export async function until(condition: () => boolean, ms: number, every = 5): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() >= deadline) return false;
    await pause(every);
  }
  return true;
}

/** As `Promise.all`, but when it rejects, all have ended: what went on could make something after its teardown. */
export async function allEnded<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
