import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from '../../protocol/plan.ts';
import { adopt } from '../adopt.ts';
import type { Driver, ResourceContext } from '../driver.ts';
import { resolvePackage } from '../packages.ts';
import { PG, query } from '../probes/sql.ts';
import { findBinaries } from './binaries.ts';
import { initialise, SUPERUSER } from './cluster.ts';
import type { PostgresPlan } from './options.ts';
import { usableBinaries } from './private-copy.ts';
import { settingsOf } from './settings.ts';
import { serverUser } from './user.ts';

/** Milliseconds between two tries to connect; the server is up about 45 ms after its start. */
const CONNECT_EVERY = 3;

/** Starts a PostgreSQL server of its own, or adopts one. */
export const postgresDriver: Driver = {
  async preflight(name, plan, root, env) {
    const { url, binaries } = plan.options as PostgresPlan;
    resolvePackage(PG, root);
    if (url === undefined) findBinaries(name, binaries, root, env);
  },
  start(ctx) {
    const { url } = ctx.plan.options as PostgresPlan;
    return url === undefined ? startServer(ctx) : adoptServer(ctx, new URL(url));
  },
};

function adoptServer(ctx: ResourceContext, url: URL): Promise<Endpoint> {
  const user = decodeURIComponent(url.username);
  const endpoint = {
    host: url.hostname,
    port: Number(url.port || 5432),
    url: url.href,
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
  };
  return adopt(ctx, { probe: 'sql', query: 'select true' }, endpoint);
}

async function startServer(ctx: ResourceContext): Promise<Endpoint> {
  const { binaries, database = SUPERUSER, settings = {} } = ctx.plan.options as PostgresPlan;
  const user = await serverUser(ctx);
  const found = findBinaries(ctx.name, binaries, ctx.root, ctx.env);
  const bin = await usableBinaries(found, user, ctx);
  const home = await ctx.tempDir(ctx.name, user);
  const data = join(home, 'data');
  const password = randomBytes(18).toString('base64url');
  await initialise({ bin, home, data, password, user }, ctx);

  const host = '127.0.0.1';
  const port = await ctx.reservePort();
  await ctx.spawn({
    run: [join(bin, 'postgres'), '-D', data, ...settingsOf(host, port, settings)],
    cwd: home,
    // SIGTERM waits for all clients to leave. SIGQUIT does not even write the data out, which nobody will read again.
    stopSignal: 'SIGQUIT',
    deathSignal: 'SIGQUIT',
    ...(user === undefined ? {} : { user }),
  });
  const url = (name: string): string => `postgres://${SUPERUSER}:${password}@${host}:${port}/${name}`;
  // A server that is not ours would not have our data directory, even if it took our password.
  const ours = `select current_setting('data_directory') = '${data.replaceAll("'", "''")}'`;
  await ctx.untilPasses({ probe: 'sql', query: ours, interval: CONNECT_EVERY }, { url: url(SUPERUSER) });
  if (database !== SUPERUSER) {
    await query(url(SUPERUSER), `create database "${database}"`, ctx.root, ctx.signal);
  }
  return { host, port, url: url(database), user: SUPERUSER, password, database };
}
