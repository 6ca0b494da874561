import { leftOf, withContainers, type ByHand } from './containers.ts';
import { coordinatorPid, greenroom } from './greenroom.ts';
import { DEADLINE, ended, said, start, until, type Actor } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const OWNER = ['node', 'owner.mjs'] as const;
/** Two containers and their network. */
const THINGS = 3;
/** Milliseconds after which what nobody is going to remove counts as left. */
const PATIENCE = 2_000;

/** A container is no child of whoever started it: the engine keeps it, whatever becomes of the owner. */
export const R20c: Story = {
  id: 'R20c',
  title: 'hard kill of the owner: its containers and their network stay',
  loss: 'containers and networks left',
  runs: 3,
  expected: { 'there before': 2 * THINGS },
  plain: (fault) => withContainers('R20c', (stage, byHand) => plain(stage, byHand, fault)),
  greenroom: (fault) => withContainers('R20c', (stage) => shared(stage, fault)),
};

async function plain(stage: Stage, byHand: ByHand, fault: boolean): Promise<Outcome> {
  const { mark: MARK, image: IMAGE } = byHand;
  const owner = start(stage, 'owner', [...OWNER, ...(fault ? ['--stay'] : [])], { MARK, IMAGE });
  const before = await whenUp(owner, byHand.left);
  if (fault) owner.process.kill('SIGKILL');
  await owner.process;
  return outcomeOf([{ before, left: await left(byHand.left, PATIENCE) }]);
}

/** Killed is the coordinator, and in another run the runner; what is left is counted before anything else is started. */
async function shared(stage: Stage, fault: boolean): Promise<Outcome> {
  if (fault) {
    // The coordinator first: what its death leaves in the runtime directory is for the next generation to remove.
    const ofCoordinator = await killed(stage, () => coordinatorPid(stage));
    return outcomeOf([ofCoordinator, await killed(stage, (runner) => runner)]);
  }
  const run = greenroom(stage, 'run', ['run', '--', ...OWNER]);
  const before = await whenUp(run, () => leftOf(stage));
  await ended(run);
  return outcomeOf([{ before, left: await left(() => leftOf(stage), DEADLINE) }]);
}

interface Kill {
  /** How many things there were. */
  readonly before: number;
  readonly left: number;
}

async function killed(stage: Stage, victim: (runner: number) => number): Promise<Kill> {
  const run = greenroom(stage, 'run', ['run', '--', ...OWNER, '--stay']);
  const before = await whenUp(run, () => leftOf(stage));
  process.kill(victim(run.process.pid ?? Number.NaN), 'SIGKILL');
  await run.process;
  return { before, left: await left(() => leftOf(stage), DEADLINE) };
}

type List = () => Promise<readonly string[]>;

async function whenUp(actor: Actor, list: List): Promise<number> {
  await said(actor, 'up');
  return (await list()).length;
}

/** How many of them are still there so many milliseconds after the end of their owner. */
async function left(list: List, within: number): Promise<number> {
  const gone = until('what it made to go', async () => ((await list()).length === 0 ? true : undefined), within);
  return gone.then(
    () => 0,
    async () => (await list()).length,
  );
}

function outcomeOf(kills: readonly Kill[]): Outcome {
  const sum = (of: (kill: Kill) => number): number => kills.reduce((total, kill) => total + of(kill), 0);
  return {
    total: kills.length * THINGS,
    lost: sum((kill) => kill.left),
    counts: { 'there before': sum(({ before }) => before) },
  };
}
