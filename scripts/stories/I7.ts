import { randomInt } from 'node:crypto';
import { ask } from '../../test/support/sql.ts';
import { coordinatorPid, events, greenroom } from './greenroom.ts';
import { left, round, type Told, type Victim } from './hard-kills.ts';
import { withOutsideServer } from './outside-server.ts';
import { start, until, type Actor } from './processes.ts';
import { onStage, quietPort, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Of each run: one of them hits the owner, the others a worker. */
const KILLS = 5;

/** Four workers take a database, a Redis server, a directory and ports, again and again, and are killed at it. */
export const I7: Story = {
  id: 'I7',
  title: 'hard kills amid taking and giving back: what is left, and what is handed out twice',
  loss: 'strays, things of two holders, marks of the dead, failures of the living',
  runs: 2,
  plain: (fault) => onStage('I7', (stage) => killed(stage, fault, byHand)),
  greenroom: (fault) => onStage('I7', (stage) => killed(stage, fault, sliced)),
  expected: { kills: KILLS },
};

interface Way {
  /** Milliseconds that are granted for everything to be gone after the last round. */
  readonly patience: number;
  start(stage: Stage, env: Readonly<Record<string, string>>): Actor;
  /** What all workers depend on: the process that started them, or the coordinator. */
  owner(stage: Stage, run: Actor): number;
  /** Whether a worker may fail because that was killed. */
  readonly mayFail: boolean;
}

const byHand: Way = {
  patience: 1_000,
  start: (stage, env) => start(stage, 'workers', ['node', 'main.mjs', 'by-hand'], env),
  owner: (_, { process }) => process.pid ?? Number.NaN,
  mayFail: false,
};

const sliced: Way = {
  patience: 15_000,
  start: (stage, env) => greenroom(stage, 'run', ['run', '--', 'node', 'main.mjs', 'sliced'], env),
  owner: coordinatorPid,
  mayFail: true,
};

async function killed(stage: Stage, fault: boolean, way: Way): Promise<Outcome> {
  const unlucky = randomInt(KILLS);
  const victims = Array.from({ length: KILLS }, (_, at): Victim => (at === unlucky ? 'owner' : 'worker'));
  const rounds: Told[] = [];
  const notes: string[] = [];
  const databases = await withOutsideServer(stage, async (server) => {
    const env = { SERVER_URL: server, FIRST_PORT: String(await quietPort(50)) };
    const before = await count(server);
    // After the last kill somebody comes who finds what is left, and removes what is theirs.
    for (const victim of fault ? [...victims, undefined] : [undefined]) {
      const run = way.start(stage, env);
      const told = await round(stage, run, victim, () => way.owner(stage, run));
      rounds.push(told);
      if (victim === 'worker' || !way.mayFail) notes.push(...told.failures);
    }
    const more = async (): Promise<number> => (await count(server)) - before;
    const none = until('the databases to go', async () => ((await more()) === 0 ? 0 : undefined), way.patience);
    return none.catch(more);
  });
  const rest = await left(
    stage,
    rounds.flatMap(({ taken }) => taken),
    way.patience,
  );
  notes.push(...rest);
  const sum = (of: (told: Told) => number): number => rounds.reduce((total, told) => total + of(told), 0);
  const counts = {
    twice: sum(({ twice }) => twice),
    unclean: sum(({ unclean }) => unclean),
    failed: notes.length - rest.length,
    databases,
    others: rest.length,
  };
  const lost = Object.values(counts).reduce((total, one) => total + one, 0);
  const kills = rounds.filter(({ killedAt }) => killedAt !== null).length;
  return { total: sum(({ holds }) => holds), lost, counts: { ...counts, kills, ...amid(stage, rounds) }, notes };
}

function count(server: string): Promise<number> {
  return ask(server, 'select count(*)::int from pg_database') as Promise<number>;
}

/** What had just happened in the coordinator when somebody was killed, by its event log. */
function amid(stage: Stage, rounds: readonly Told[]): Readonly<Record<string, number>> {
  const logged = events(stage);
  const counts: Record<string, number> = {};
  for (const { killedAt } of rounds) {
    const last = logged
      .filter(({ at }) => at <= (killedAt ?? 0))
      .toSorted((a, b) => a.at - b.at)
      .at(-1);
    if (last !== undefined) counts[`after ${last.kind}`] = (counts[`after ${last.kind}`] ?? 0) + 1;
  }
  return counts;
}
