/** Waits. Every one has a deadline. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Resolves with what `promise` gives, or with what `otherwise` returns once `ms` have passed.
 */
export async function within<T, U>(promise: Promise<T>, ms: number, otherwise: () => U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<U>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(otherwise());
      } catch (error) {
        reject(error as Error);
      }
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
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
