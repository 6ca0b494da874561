import { join } from 'node:path';
import { SmallDisk } from '../../test/support/small-disk.ts';
import { greenroom } from './greenroom.ts';
import { ended, report, reportsIn, start } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 12;

/** What the temporary directory has: too little for all, or enough. */
const sizeWith = (fault: boolean): string => (fault ? '2m' : '8m');

/** Twelve processes write to a directory that has room for eight of them. */
export const R22: Story = {
  id: 'R22',
  title: 'no space: the temporary directory is full before all have written',
  loss: 'processes that fail half-way for want of space',
  runs: 5,
  plain: (fault) => onStage('R22', (stage) => withDisk(stage, fault, plain)),
  greenroom: (fault) => onStage('R22', (stage) => withDisk(stage, fault, asked)),
  expected: { started: 0, 'named the directory': 1 },
};

async function withDisk(
  stage: Stage,
  fault: boolean,
  act: (stage: Stage, temp: string) => Promise<Outcome>,
): Promise<Outcome> {
  using disk = new SmallDisk(join(stage.dir, 'temp'), sizeWith(fault));
  return await act(stage, disk.dir);
}

async function plain(stage: Stage, temp: string): Promise<Outcome> {
  const actors = Array.from({ length: PROCESSES }, (_, index) =>
    start(stage, `process ${index + 1}`, ['node', 'write.mjs'], { UPLOADS: temp }),
  );
  return outcomeOf(await Promise.all(actors.map((actor) => report<Written>(actor))));
}

async function asked(stage: Stage, temp: string): Promise<Outcome> {
  const command = ['exec', '--procs', String(PROCESSES), '--', 'node', 'write.mjs'];
  const { stdout, stderr } = await ended(greenroom(stage, 'greenroom', command, { TMPDIR: temp }));
  const written = reportsIn(stdout) as readonly Written[];
  const named = stderr.includes(`${temp} has 2.0 MiB free, and 3.0 MiB are needed`);
  const { counts, ...outcome } = outcomeOf(written);
  return { ...outcome, counts: { ...counts, 'named the directory': named ? 1 : 0 } };
}

interface Written {
  readonly written: boolean;
}

function outcomeOf(reports: readonly Written[]): Outcome {
  const lost = reports.filter(({ written }) => !written).length;
  return { total: PROCESSES, lost, counts: { started: reports.length } };
}
