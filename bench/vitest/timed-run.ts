import type { Runner } from '../../test/support/vitest-project.ts';
import { timed } from '../stats.ts';

/**
 * Milliseconds from the start of `vitest run` to its end.
 *
 * @throws Error when it failed: its time would say nothing.
 */
export function timedRun(runner: Runner, ...args: readonly string[]): Promise<number> {
  return timed(async () => {
    const { exitCode, output } = await runner.vitest('run', ...args);
    if (exitCode !== 0) throw new Error(`vitest ${args.join(' ')} ended with ${exitCode}\n${output}`);
  });
}
