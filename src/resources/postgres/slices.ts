/** Slices of a server: databases made from its template ahead of their use, each handed out once. */
import { availableParallelism } from 'node:os';
import type { Endpoint } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import type { Ask } from '../probes/sql.ts';
import { cloneTemplate, openTemplate, type Template } from './clone.ts';
import { Lanes } from './lanes.ts';
import { identifier, MAINTENANCE } from './names.ts';
import { CONNECTIONS_PER_WORKER, workersFor } from './settings.ts';
import type { Server } from './template.ts';
import { WarmPool } from './warm-pool.ts';

/** Databases that are ready besides one for each worker. */
const SPARE = 2;
/** Live databases for each worker that the server has connections for: one in use, one ready, one being dropped. */
const LIVE_PER_WORKER = 3;

/** On a server that others use, too. */
interface Guest {
  /** What names of databases begin with. */
  readonly owner: string;
  /** That are left for us. */
  readonly connections: number;
}

/** @param template name of a sealed one; without it, the databases are empty */
export async function offerDatabases(
  server: Server,
  template: string | undefined,
  ctx: ResourceContext,
  guest?: Guest,
): Promise<void> {
  const lanes = new Lanes(server.url(MAINTENANCE), availableParallelism(), ctx);
  const [from, all] = await lanes.use((ask) => examine(ask, template));
  const connections = guest?.connections ?? all;
  const most = workersFor(connections);
  const names = databaseNames(guest?.owner ?? `gr_${ctx.key}_${ctx.generation}_${ctx.nonce}`);
  const pool = new WarmPool<string>({
    async create() {
      const name = names();
      await lanes.use((ask) => create(ask, from, name));
      return name;
    },
    destroy: (name) =>
      lanes.use(async (ask) => void (await ask(`drop database if exists ${identifier(name)} with (force)`))),
    ready: (ctx.workers ?? availableParallelism()) + SPARE,
    parallel: availableParallelism(),
    cap: most * LIVE_PER_WORKER,
  });
  // Before the server: what is on it goes with it.
  ctx.defer('its databases', () => {
    pool.close();
    lanes.close();
  });
  const held = new Map<string, string>();
  ctx.offerSlices({
    async make(name) {
      if (held.size >= most) throw tooMany(held.size, connections, guest, ctx);
      held.set(name, '');
      const database = await pool.take();
      held.set(name, database);
      return { ...endpointOf(server, database), maxConnections: CONNECTIONS_PER_WORKER };
    },
    async drop(name) {
      const database = held.get(name);
      held.delete(name);
      if (database !== undefined && database !== '') await pool.giveBack(database);
    },
  });
}

async function examine(ask: Ask, template: string | undefined): Promise<readonly [Template | undefined, number]> {
  const [result] = await ask('show max_connections');
  const connections = Number((result?.rows[0] as readonly unknown[] | undefined)?.[0]);
  return [template === undefined ? undefined : await openTemplate(ask, template), connections];
}

async function create(ask: Ask, template: Template | undefined, name: string): Promise<void> {
  if (template === undefined) await ask(`create database ${identifier(name)}`);
  else await cloneTemplate(ask, template, name);
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
