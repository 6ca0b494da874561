/** The local history of durations: written when a run ends, read when the next one is put in order. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import type { Durations } from '../../durations/durations.ts';
import { recorded, typical } from '../../durations/history.ts';
import { readKey } from '../../durations/key.ts';
import { describeError } from '../../protocol/failure.ts';
import { specKeys } from './spec-keys.ts';

/** Remembers how long the files of a run, or of merged ones, have taken. For its end. A fault is a warning. */
export async function recordDurations(
  vitest: Vitest,
  modules: readonly TestModule[],
  reason: TestRunEndReason,
): Promise<void> {
  const whole =
    reason === 'interrupted' || isFiltered(vitest) ? [] : modules.filter((module) => module.state() === 'passed');
  if (whole.length === 0) return;
  await orWarn(vitest, 'were not recorded', async () => {
    const { historyFile, readHistory, writeHistory } = await import('../../durations/files.ts');
    const { root, of } = specKeys(vitest.config.root);
    const file = historyFile(root);
    const run = new Map(whole.map((module) => [of(module), milliseconds(module)]));
    const exists = (key: string): boolean => existsSync(join(root, readKey(key).path));
    writeHistory(file, recorded(readHistory(file) ?? new Map(), run, exists));
  });
}

/** What files have usually taken on this machine; of none where that cannot be read. */
export async function knownDurations(vitest: Vitest): Promise<Durations> {
  const known = await orWarn(vitest, 'are not known', async () => {
    const { historyFile, readHistory } = await import('../../durations/files.ts');
    const history = readHistory(historyFile(specKeys(vitest.config.root).root));
    return history === undefined ? undefined : typical(history);
  });
  return known ?? new Map();
}

/** Where only some of a file's specs are run, its time says nothing. */
function isFiltered(vitest: Vitest): boolean {
  const { tagsFilter = [] } = vitest.config;
  return vitest.getGlobalTestNamePattern() !== undefined || tagsFilter.length > 0;
}

/** All of the time for which it kept a worker. */
function milliseconds(module: TestModule): number {
  const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } = module.diagnostic();
  return Math.round(environmentSetupDuration + prepareDuration + collectDuration + setupDuration + duration);
}

async function orWarn<T>(vitest: Vitest, what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    vitest.logger.warn(`greenroom: the durations of spec files ${what}: ${describeError(error)}`);
    return undefined;
  }
}
