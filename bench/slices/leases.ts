import { pause } from '../../src/platform/deadline.ts';
import { withBareServer } from '../bare-server.ts';
import { connectWorker } from '../built.ts';
import { hello } from '../core/hello.ts';
import type { Effort } from '../effort.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, percentile, spread, timed } from '../stats.ts';
import { ask } from './ask.ts';
import { withEmptyCache } from './cache.ts';
import { schema } from './schema.ts';

type Worker = Awaited<ReturnType<typeof connectWorker>>;

const WORKERS = 12;
const HANDS = Array.from({ length: WORKERS }, (_, index) => index);
/** What a spec takes: with twelve workers, some 22 of them a second. */
const SPEC_MS = 500;
/** Specs of each worker before waits count: until then the first databases are made. */
const WARM_UP = 3;
const TEMPLATE = 'floor_template';
const FROM_TEMPLATE = `template ${TEMPLATE} strategy file_copy`;
/** A database that is not written to would be handed out again. */
const WRITE = `insert into t0 (name) values ('written')`;

/** What each spec waits for a database of 50 tables, and how many there are at most, beside the same made by hand. */
export function databaseLeases({ leaseMs }: Effort): Promise<Row[]> {
  const onRig = (migrate: string, bare: string): Promise<Row[]> =>
    withRig(configOf(migrate), async ({ session }) => {
      const connect = (): Promise<Worker> => connectWorker(session.file, { run: 'bench' });
      const workers = await Promise.all(Array.from({ length: WORKERS }, connect));
      let paced: Paced;
      let fresh: number;
      try {
        paced = await takeTurns(workers, BY_GREENROOM, bare, leaseMs);
        fresh = await saturated(leaseMs / 2, workers, BY_GREENROOM, WRITE);
      } finally {
        for (const worker of workers) worker.close();
      }
      const { url } = paced;
      // On the same server, whose spare databases are made by now or soon.
      await ask(on(url, 'postgres'), `create database ${TEMPLATE}`);
      await ask(on(url, TEMPLATE), schema());
      const cloned = await saturated(leaseMs / 2, HANDS, byHand(url, 'cloned', FROM_TEMPLATE), WRITE);
      const onDemand = await takeTurns(HANDS, byHand(url, 'demanded', FROM_TEMPLATE), bare, leaseMs / 2);
      const migrated = await saturated(leaseMs / 2, HANDS, byHand(url, 'migrated'), schema());
      return [...waitRows(paced, onDemand), ...freshRows(fresh, cloned, migrated)];
    });
  return withEmptyCache((migrate) => withBareServer((bare) => onRig(migrate, bare)));
}

function configOf(migrate: string): string {
  return `{
    resources: { db: (await import('greenroom/postgres')).postgres({ migrate: ${migrate}, slice: 'test' }) },
    workers: ${WORKERS},
    linger: 0,
  }`;
}

interface Paced {
  readonly waits: readonly number[];
  /** What a bare hello took, each just before one of the waits. */
  readonly hellos: readonly number[];
  /** Of one of the databases. */
  readonly url: string;
}

/** How a user gets a database for a spec, and gives it back. */
interface Way<T> {
  /** Resolves to its url. */
  take(user: T, count: number): Promise<string>;
  giveBack(user: T, url: string): Promise<unknown>;
}

const BY_GREENROOM: Way<Worker> = { take: lease, giveBack: (worker) => worker.release('test') };

/** What one would do without anybody who makes them ahead: the floor. `how` stands behind `create database …`. */
function byHand(server: string, prefix: string, how = ''): Way<number> {
  return {
    async take(hand, count) {
      const name = `${prefix}_${hand}_${count}`;
      await ask(on(server, 'postgres'), `create database ${name} ${how}`);
      return on(server, name);
    },
    giveBack: (_, url) => ask(on(server, 'postgres'), `drop database ${new URL(url).pathname.slice(1)} with (force)`),
  };
}

/** Users that take turns: a database, a row in it, the rest of a spec. */
async function takeTurns<T>(users: readonly T[], way: Way<T>, bare: string, ms: number): Promise<Paced> {
  const waits: number[] = [];
  const hellos: number[] = [];
  let url = '';
  const work = async (user: T, index: number): Promise<void> => {
    await pause((SPEC_MS / WORKERS) * index);
    let end = Infinity;
    for (let count = 0; performance.now() < end; count += 1) {
      if (count === WARM_UP) end = performance.now() + ms;
      const said = await timed(() => hello(bare));
      let own = '';
      const waited = await timed(async () => {
        own = await way.take(user, count);
      });
      if (count >= WARM_UP) {
        waits.push(waited);
        hellos.push(said);
      }
      url = own;
      await ask(own, WRITE);
      await pause(SPEC_MS);
      await way.giveBack(user, own);
    }
  };
  await Promise.all(users.map(work));
  return { waits, hellos, url };
}

async function lease(worker: Worker): Promise<string> {
  const { endpoints } = await worker.wait({ resources: ['db'], unit: 'test' });
  return String(endpoints['db']?.['url']);
}

/** Milliseconds for each database with this done in it, of as many as twelve get done at once, one after the other each. */
async function saturated<T>(ms: number, users: readonly T[], way: Way<T>, text: string): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const work = async (user: T): Promise<void> => {
    for (let count = 0; count === 0 || performance.now() - begun < ms; count += 1) {
      const url = await way.take(user, count);
      await ask(url, text);
      await way.giveBack(user, url);
      done += 1;
    }
  };
  await Promise.all(users.map(work));
  return (performance.now() - begun) / done;
}

/** The same server's url of another database. */
function on(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = database;
  return other.href;
}

function waitRows({ waits, hellos }: Paced, onDemand: Paced): Row[] {
  const row = (fraction: number, goal: number): Row => ({
    name: `a database of 50 tables for a spec, wait, p${fraction * 100}`,
    value: round(percentile(waits, fraction)),
    unit: 'ms',
    goal,
    note: spread(waits),
  });
  return [
    row(0.5, 1),
    row(0.95, 12),
    {
      name: 'the same, over a bare hello between two processes at that time',
      value: round(median(waits) / median(hellos)),
      unit: '×',
      goal: 1.5,
      note: `hello ${spread(hellos)}`,
    },
    {
      name: 'the same, over a clone on demand by hand',
      value: round(median(waits) / median(onDemand.waits)),
      unit: '×',
      note: `by hand ${spread(onDemand.waits)}`,
    },
  ];
}

function freshRows(fresh: number, cloned: number, migrated: number): Row[] {
  const note = (by: string, ms: number): string => `${by}: ${round(1000 / ms)} a second`;
  return [
    {
      name: `a fresh one for each of ${WORKERS} that ask all the time`,
      value: round(fresh),
      unit: 'ms',
      goal: 25,
      note: note('that is', fresh),
    },
    {
      name: 'the same, over clones by hand',
      value: round(fresh / cloned),
      unit: '×',
      goal: 1.5,
      note: note('by hand', cloned),
    },
    {
      name: 'the same, over a migration each',
      value: round(fresh / migrated),
      unit: '×',
      note: note('migrated', migrated),
    },
  ];
}
