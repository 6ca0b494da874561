import type { Vitest } from 'vitest/node';

/**
 * Lets workers that reach the limit of `bail` cancel a run once only. Vitest takes whoever cancels a run again for
 * somebody in a hurry, and kills its workers: when specs fail in several of them at the same time, as all do on dead
 * infrastructure, the failures that ended the run would be in no report.
 */
export function cancelOnce(vitest: Vitest): void {
  const cancel = vitest.cancelCurrentRun.bind(vitest);
  let cancelling = 0;
  vitest.cancelCurrentRun = async (reason) => {
    if (reason === 'test-failure' && cancelling > 0) return;
    cancelling += 1;
    try {
      await cancel(reason);
    } finally {
      cancelling -= 1;
    }
  };
}
