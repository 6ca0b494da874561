/** Slices of a server: databases made from its template ahead of their use; handed out again if untouched. */
import { availableParallelism } from 'node:os';
import { until } from '../../platform/deadline.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { query, type Ask } from '../probes/sql.ts';
import { createDatabase, type Template } from './clone.ts';
import type { Lanes } from './lanes.ts';
import { identifier } from './names.ts';
import { CONNECTIONS_PER_WORKER, LANES, workersFor } from './settings.ts';
import type { PostgresPlan } from './options.ts';
import type { Inside } from './reset.ts';
import { Resets } from './resets.ts';
import type { Server } from './template.ts';
import { beginOfCounts, judge, readSequences, type Judge } from './untouched.ts';
import { WarmPool } from './warm-pool.ts';

/** Databases that are ready besides one for each worker. */
const SPARE = 2;
/** Live databases for each worker that the server has connections for: one in use, one ready, one being dropped. */
const LIVE_PER_WORKER = 3;

/** Milliseconds that one more worker than there are connections for waits for another to go: who replaces it may be earlier. */
const PATIENCE_MS = 2_000;

/** On a server that others use, too. */
interface Guest {
  /** What names of databases begin with. */
  readonly owner: string;
  /** That are left for us. */
  readonly connections: number;
}

/** Where databases are made, and from what. */
interface Source {
  readonly server: Server;
  readonly lanes: Lanes;
  /** Without one, they are empty. */
  readonly template: Template | undefined;
  readonly guest?: Guest;
  /** What has to be done besides until anybody can have one. */
  readonly meanwhile?: Promise<void>;
}

/** Resolves when it and `meanwhile` are done; until then the first databases are made. */
export async function offerDatabases(
  { server, lanes, template, guest, meanwhile }: Source,
  ctx: ResourceContext,
): Promise<void> {
  const { connections: all, since } = await lanes.use((ask) => examine(ask));
  const connections = guest?.connections ?? all;
  const most = workersFor(connections);
  const names = databaseNames(guest?.owner ?? `gr_${ctx.key}_${ctx.generation}_${ctx.nonce}`);
  const make = async (): Promise<string> => {
    const name = names();
    await lanes.use((ask) => createDatabase(ask, template, name));
    return name;
  };
  const drop = (name: string): Promise<unknown> =>
    lanes.use((ask) => ask(`drop database if exists ${identifier(name)} with (force)`));
  const inside: Judge['inside'] = (database, text) =>
    query(server.url(database), text, ctx.root, AbortSignal.timeout(ctx.plan.stopTimeout));
  // One more than those that are handed out: what it has is what each of them had.
  const unused = once(async (): Promise<Inside> => {
    const name = await make();
    return (text) => inside(name, text);
  });
  const judgement: Judge = {
    use: (task) => lanes.use(task),
    inside,
    newName: names,
    template: template?.name,
    countsSince: since,
    sequences: once(async () => readSequences(await unused())),
  };
  const pool = new WarmPool<string>({
    create: make,
    async takeBack(database) {
      const { name, isNew } = await judge(database, judgement);
      if (isNew) return name;
      await drop(name);
      return undefined;
    },
    ready: () => (ctx.expectedWorkers() ?? availableParallelism()) + SPARE,
    parallel: LANES,
    cap: most * LIVE_PER_WORKER,
  });
  // Before the server: what is on it goes with it.
  ctx.defer('its databases', () => pool.close());
  const { keepOnFailure, reset } = ctx.plan.options as PostgresPlan;
  const resets = reset && new Resets(ctx, server.url, unused);
  const held = new Map<string, string>();
  /** Databases of last holders, to which somebody may still be connected. */
  let leaving = 0;
  const hasPlace = (): boolean => held.size + leaving < most;
  ctx.offerSlices({
    async make(name) {
      while (!hasPlace()) {
        if (!(await until(hasPlace, PATIENCE_MS))) throw tooMany(held.size, connections, guest, ctx);
      }
      held.set(name, '');
      const database = await pool.take();
      held.set(name, database);
      return { ...endpointOf(server, database), maxConnections: CONNECTIONS_PER_WORKER - (resets ? 1 : 0) };
    },
    async drop(name) {
      const database = held.get(name);
      held.delete(name);
      if (database === undefined || database === '') return;
      resets?.end(database);
      leaving += 1;
      await pool.giveBack(database).finally(() => (leaving -= 1));
    },
    ...(keepOnFailure === true && {
      keep(name) {
        resets?.end(held.get(name) ?? '');
        held.delete(name);
        pool.forgo();
      },
    }),
    ...(resets && { reset: (name) => resets.reset(held.get(name) ?? '') }),
  });
  if (meanwhile !== undefined) await pool.during(meanwhile);
}

/** What it comes to is kept, unless it fails. */
function once<T>(act: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= act().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

/** Of the server: how many may be connected, and when its counts began. */
async function examine(ask: Ask): Promise<{ readonly connections: number; readonly since: string }> {
  const [result] = await ask('show max_connections');
  const connections = Number((result?.rows[0] as readonly unknown[] | undefined)?.[0]);
  return { connections, since: await beginOfCounts(ask) };
}

function endpointOf({ host, port, user, password, url }: Server, database: string): Endpoint {
  return { host, port, url: url(database), user, password, database };
}

/** `<prefix>_d<number>`; they are there before anybody knows whose slice they will be. */
function databaseNames(prefix: string): () => string {
  let number = 0;
  return () => {
    number += 1;
    return `${prefix}_d${number}`;
  };
}

function tooMany(held: number, connections: number, guest: Guest | undefined, ctx: ResourceContext): Error {
  const has = guest === undefined ? `has max_connections ${connections}` : `had ${connections} connections left`;
  return ctx.error(
    'SLICE_FAILED',
    `${ctx.name} ${has}, which is enough for ${held} workers at ${CONNECTIONS_PER_WORKER} each, and they are all here`,
    'say in the config how many there are: `workers`; or raise `max_connections` of the server',
  );
}
