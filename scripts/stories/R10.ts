import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';
import { layOutSpecs, onLiveServer, onNoServer, runVitest, SPECS, summaryOf, type VitestReport } from './vitest.ts';

const BAIL = '--bail=1';
/** One spec fails, with a service that is up. */
const BROKEN = { BROKEN: '1' };
const DEAD = { DEAD: '1' };

/** With `bail`, specs of files that no worker reached are in no report: neither passed nor failed nor skipped. */
export const R10: Story = {
  id: 'R10',
  title: '57 specs and `bail`: one failure, or dead infrastructure, and specs vanish from the report',
  loss: 'specs in no report',
  runs: 3,
  expected: { 'specs after a failure': SPECS, 'specs on dead infrastructure': SPECS },
  plain: async (fault) =>
    outcome(
      fault
        ? [
            await onStage('R10', (stage) => onLiveServer(stage, (env) => plain(stage, { ...env, ...BROKEN }, BAIL))),
            await onStage('R10', (stage) => onNoServer((env) => plain(stage, env, BAIL))),
          ]
        : [await onStage('R10', (stage) => onLiveServer(stage, (env) => plain(stage, env)))],
    ),
  greenroom: async (fault) =>
    outcome(
      fault
        ? [
            await onStage('R10', (stage) => shared(stage, BROKEN, BAIL)),
            await onStage('R10', (stage) => shared(stage, DEAD, BAIL)),
          ]
        : [await onStage('R10', (stage) => shared(stage, {}))],
    ),
};

/** How many specs a run accounts for, and how many of them it says have run. */
interface Accounted {
  readonly specs: number;
  readonly ran: number;
}

type Env = Readonly<Record<string, string>>;

async function plain(stage: Stage, env: Env, ...args: readonly string[]): Promise<Accounted> {
  const report = await run(stage, 'plain.config.mjs', env, args);
  return { specs: report.numTotalTests, ran: ranOf(report) };
}

/** Greenroom's own count must be the sum of its classes, and what Vitest's report has. */
async function shared(stage: Stage, env: Env, ...args: readonly string[]): Promise<Accounted> {
  const report = await run(stage, 'vitest.config.mjs', env, args);
  const { passed, failed, skipped, interrupted, neverRan } = summaryOf(stage).counts;
  const sum = passed + failed + skipped + interrupted + neverRan;
  return { specs: Math.min(sum, report.numTotalTests), ran: ranOf(report) };
}

async function run(stage: Stage, config: string, env: Env, args: readonly string[]): Promise<VitestReport> {
  await layOutSpecs(stage);
  return runVitest(stage, 'vitest', ['--config', config, ...args], env);
}

function ranOf(report: VitestReport): number {
  return report.numPassedTests + report.numFailedTests;
}

function outcome([afterFailure, onDead]: readonly Accounted[]): Outcome {
  const all = [afterFailure, onDead].filter((accounted) => accounted !== undefined);
  const accounted = all.reduce((sum, { specs }) => sum + specs, 0);
  return {
    total: all.length * SPECS,
    lost: all.length * SPECS - accounted,
    counts: {
      ...(afterFailure === undefined ? {} : { 'specs after a failure': afterFailure.specs, ran: afterFailure.ran }),
      ...(onDead === undefined ? {} : { 'specs on dead infrastructure': onDead.specs }),
    },
  };
}
