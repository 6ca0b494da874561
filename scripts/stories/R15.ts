import { existsSync, statSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listenersOf } from '../../src/platform/ports.ts';
import { events, greenroom } from './greenroom.ts';
import { ended, start, until, type Actor } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';
import { reportIn, type VitestReport } from './vitest.ts';

const WORKERS = 8;
const SPECS = WORKERS * 40;
/** So many specs are through when the server is killed. */
const BEFORE = 60;
const REPORT = 'report.json';

/** The database is killed in mid-run: without it all later specs fail; healed behind a gate, none does. */
export const R15: Story = {
  id: 'R15',
  title: 'the database is killed in mid-run: 8 workers with 40 specs each, on a real PostgreSQL',
  loss: 'specs lost',
  runs: 3,
  expected: { incidents: 1 },
  plain: (fault) =>
    onStage('R15', async (stage) => {
      const run = (words: readonly string[]): Actor =>
        greenroom(stage, 'run', ['run', '--', 'node', ...words, '--config=plain.config.mjs'], { LEFT_DEAD: '1' });
      return { total: SPECS, lost: SPECS - (await passed(stage, run, fault)) };
    }),
  greenroom: (fault) =>
    onStage('R15', async (stage) => {
      const run = (words: readonly string[]): Actor => start(stage, 'vitest', ['node', ...words]);
      const lost = SPECS - (await passed(stage, run, fault));
      return { total: SPECS, lost, ...(fault ? seen(stage) : {}) };
    }),
};

async function passed(stage: Stage, run: (words: readonly string[]) => Actor, fault: boolean): Promise<number> {
  const template = join(stage.dir, 'orders.spec.mjs');
  for (let file = 1; file <= WORKERS; file += 1) await copyFile(template, join(stage.dir, `orders-${file}.spec.mjs`));
  await rm(template);
  const report = join(stage.dir, REPORT);
  const program = join(stage.dir, '../node_modules/vitest/vitest.mjs');
  const actor = run([program, 'run', '--reporter=json', `--outputFile=${report}`]);
  if (fault) await killServer(stage);
  await ended(actor);
  return reportIn(report).numPassedTests;
}

async function killServer(stage: Stage): Promise<void> {
  const done = join(stage.dir, 'done');
  await until('specs to run', () => (existsSync(done) && statSync(done).size >= BEFORE ? true : undefined));
  const ready = events(stage).find((event) => event.kind === 'ready' && event.resource === 'db');
  const port = ready?.kind === 'ready' ? (ready.endpoint.port ?? 0) : 0;
  const [server] = await listenersOf(port);
  if (server === undefined) throw new Error(`nobody listens on port ${port}`);
  process.kill(server.pid, 'SIGKILL');
}

/** How often it was lost, and how long it took until it was ready again. */
function seen(stage: Stage): Pick<Outcome, 'counts' | 'measured'> {
  const log = events(stage);
  const losses = log.filter(({ kind }) => kind === 'failed');
  const [loss] = losses;
  const again = log.find(({ kind, at }) => kind === 'ready' && at >= (loss?.at ?? Infinity));
  return {
    counts: { incidents: losses.length },
    measured: {
      'seconds to heal': ((again?.at ?? Number.NaN) - (loss?.at ?? Number.NaN)) / 1_000,
      'specs tried again': retriedIn(reportIn(join(stage.dir, REPORT))),
    },
  };
}

function retriedIn({ testResults }: VitestReport): number {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ meta = {} }) => 'greenroomRetried' in meta).length;
}
