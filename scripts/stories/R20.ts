import { isRunning } from '../../test/support/leftovers.ts';
import { coordinatorPid, greenroom, serverPids } from './greenroom.ts';
import { DEADLINE, ended, said, start, until } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Milliseconds after which a server that nobody is going to stop counts as left. */
const PATIENCE = 2_000;

/** Nobody can clean up after SIGKILL, so whoever starts servers must not be the one who stops them. */
export const R20: Story = {
  id: 'R20',
  title: 'hard kill of the owner: the server that it started stays and answers',
  loss: 'servers left',
  runs: 5,
  plain: (fault) => onStage('R20', (stage) => plain(stage, fault)),
  greenroom: (fault) => onStage('R20', (stage) => shared(stage, fault)),
};

async function plain(stage: Stage, fault: boolean): Promise<Outcome> {
  const env = { PORT: String(await stage.port()) };
  const owner = start(stage, 'owner', ['node', 'starter.mjs', ...(fault ? ['--stay'] : [])], env);
  await said(owner, 'up');
  if (fault) owner.process.kill('SIGKILL');
  await owner.process;
  const pids = serverPids(stage);
  pids.forEach((pid) => stage.stray(pid));
  return { total: pids.length, lost: await left(pids, PATIENCE) };
}

async function shared(stage: Stage, fault: boolean): Promise<Outcome> {
  if (fault) {
    // The coordinator first: what its death leaves in the runtime directory is for the next generation to remove.
    await killed(stage, () => coordinatorPid(stage));
    await killed(stage, (runner) => runner);
  } else {
    await ended(greenroom(stage, 'run', ['run', '--', 'node', 'starter.mjs']));
  }
  const pids = serverPids(stage);
  return { total: pids.length, lost: await left(pids, DEADLINE) };
}

/** Runs the suite, kills a process of Greenroom while it is at work, and waits for the end of the run. */
async function killed(stage: Stage, victim: (runner: number) => Promise<number> | number): Promise<void> {
  const run = greenroom(stage, 'run', ['run', '--', 'node', 'starter.mjs', '--stay']);
  await said(run, 'up');
  process.kill(await victim(run.process.pid ?? Number.NaN), 'SIGKILL');
  await run.process;
}

/** How many of the servers are still there `within` milliseconds after the end of their owner. */
async function left(pids: readonly number[], within: number): Promise<number> {
  const gone = until('the servers to end', () => (pids.some(isRunning) ? undefined : true), within);
  return gone.then(
    () => 0,
    () => pids.filter(isRunning).length,
  );
}
