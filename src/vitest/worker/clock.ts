/** The clock as it was when the worker began: a spec may put one that stands still in its place. */
const { setImmediate: atOnce, setTimeout: later } = globalThis;

/** Milliseconds since 1970. */
export const { now } = Date;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void later(resolve, ms));

/** When all that is settled by now has been heard of. */
export const soon = (run: () => void): void => void atOnce(run);
