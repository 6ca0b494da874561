import type { TestProject, Vitest } from 'vitest/node';
import { configNames } from './config-names.ts';
import { Infrastructure, type RunOptions } from './infrastructure.ts';
import { interruptionOf } from './interruption.ts';
import { forRuns, NOTHING_STARTED } from './listing.ts';
import { addSetupFile, declareTags, publish, servedProjects } from './projects.ts';
import { addReporter } from './reporter/index.ts';
import { renewRecord } from './run-record.ts';
import { collected, selected } from './selection.ts';

/**
 * By root project: Vitest calls our global setup in each project that has it, and a restart begins anew. On the object
 * itself, because Vitest may evaluate this module more than once in one process.
 */
const KEY = Symbol.for('greenroom.begun');

interface SetUpOptions extends RunOptions {
  /** Whether the workers' side is added to every project. Who uses the parts one by one does it. */
  readonly addsSetupFile: boolean;
}

/** Prepares the infrastructure for the run of a Vitest process, and for all that it runs again. */
export async function setUp({ vitest }: TestProject, options: SetUpOptions): Promise<void> {
  const root = vitest.getRootProject() as TestProject & { [KEY]?: Promise<void> };
  await (root[KEY] ??= begin(vitest, options));
}

async function begin(vitest: Vitest, options: SetUpOptions): Promise<void> {
  const projects = servedProjects(vitest);
  if (projects.length === 0) return;
  declareTags(projects, await configNames(vitest.config.root));
  // For a list, too: what specs import has its `test` from there.
  if (options.addsSetupFile) addSetupFile(projects);
  await forRuns(vitest, {
    list: () => publish(projects, {}, { failure: NOTHING_STARTED }),
    run: () => prepareRuns(vitest, projects, options),
  });
}

async function prepareRuns(vitest: Vitest, projects: readonly TestProject[], options: SetUpOptions): Promise<void> {
  addReporter(vitest, options);
  const interruption = interruptionOf(vitest);
  const infrastructure = new Infrastructure(vitest, projects, options);
  vitest.onClose(() => infrastructure.leave());
  vitest.onTestsRerun(async (specs) => {
    renewRecord(vitest);
    await infrastructure.prepare(selected(specs, projects));
  });
  if (interruption.isCancelled) {
    // It came before there was a run that could be cancelled.
    void vitest.cancelCurrentRun('keyboard-input').catch(() => undefined);
    return;
  }
  const prepared = infrastructure.prepare(selected(await collected(vitest), projects));
  await Promise.race([prepared, interruption.cancelled]);
}
