import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { allEnded, pause } from '../../platform/deadline.ts';
import { tempPlaces } from '../../platform/memory-dirs.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { Driver, ManagedProcess, Preflight, ResourceContext } from '../driver.ts';
import { loadPackage, resolvePackage } from '../packages.ts';
import { choosePlace } from '../place.ts';
import { PG } from '../probes/sql.ts';
import { orAbort } from '../probes/timing.ts';
import { requireDirectory, requireProgram } from '../programs.ts';
import { adoptServer } from './adopted.ts';
import { findBinaries } from './binaries.ts';
import { createDatabase, openTemplate } from './clone.ts';
import { initialise } from './cluster.ts';
import { isCommand } from './contents.ts';
import { type Lanes, lanesTo } from './lanes.ts';
import { DEFAULT_DATABASE, MAINTENANCE, templateName } from './names.ts';
import { hasTemplate, type PostgresPlan } from './options.ts';
import { originOf } from './origin.ts';
import { usableBinaries } from './private-copy.ts';
import { type Installation, launch, mustRun, type Running } from './server.ts';
import { newPassword, type Origin, type Started, startTemplated } from './templated.ts';
import { offerDatabases } from './slices.ts';
import { serverUser } from './user.ts';

const preflight: Preflight = async (name, plan, root, env) => {
  const { url, binaries, migrate, seed } = plan.options as PostgresPlan;
  resolvePackage(PG, root);
  if (url === undefined) findBinaries(name, binaries, root, env);
  for (const step of [migrate, seed]) {
    if (step === undefined || !isCommand(step)) continue;
    const cwd = resolve(root, step.cwd ?? '.');
    requireDirectory(name, cwd);
    requireProgram(name, step.run[0] ?? '', cwd, env['PATH'] ?? '');
  }
};

/** Starts a PostgreSQL server of its own, or adopts one. */
export const postgresDriver: Driver = {
  preflight,
  start(ctx) {
    const { url } = ctx.plan.options as PostgresPlan;
    return url === undefined ? startServer(ctx) : adoptServer(ctx, new URL(url));
  },
};

async function startServer(ctx: ResourceContext): Promise<Endpoint> {
  const options = ctx.plan.options as PostgresPlan;
  const { settings = {}, database = hasTemplate(options) ? DEFAULT_DATABASE : MAINTENANCE } = options;
  const user = await serverUser(ctx);
  const binaries = findBinaries(ctx.name, options.binaries, ctx.root, ctx.env);
  const [bin, origin, port] = await allEnded([
    usableBinaries(binaries, user, ctx),
    hasTemplate(options) ? originOf(options, binaries, user?.uid ?? -1, ctx) : undefined,
    ctx.reservePort(),
  ]);
  const home = await ctx.tempDir(ctx.name, user, parentFor(options.tmpfs, origin?.kept.bytes ?? 0, ctx));
  const workers = ctx.expectedWorkers();
  const at = { bin, home, data: join(home, 'data'), port, settings, workers, ...(user === undefined ? {} : { user }) };
  const starting = origin === undefined ? startEmpty(at, ctx) : startTemplated(at, origin, ctx);
  const [started] = await Promise.all([starting, loadClient(ctx.root)]);
  const { server, lanes } = started;
  ctx.guard(started.process);
  const care = (process: ManagedProcess): void =>
    ctx.care({
      endpoint: { url: server.url(MAINTENANCE) },
      probe: { probe: 'sql', query: 'select true' },
      restart: async (signal) => {
        // Its log of changes brings back all that was committed.
        await process.stop(0);
        const how = { password: server.password, stopSignal: 'SIGQUIT', signal } as const;
        const running = await relaunch(() => launch(at, how, ctx), ctx);
        ctx.guard(running.process);
        care(running.process);
        return endpoint;
      },
    });
  await orAbort(ctx.signal, makeDatabases(server, lanes, { database, origin }, ctx));
  started.keep?.();
  const { host, user: role, password } = server;
  const endpoint = { host, port, url: server.url(database), user: role, password, database };
  care(started.process);
  return endpoint;
}

/**
 * Takes a moment of this process, in which another one makes the data: that one is started before anything is awaited.
 * The first question would have to wait for it.
 */
async function loadClient(root: string): Promise<void> {
  await setImmediate();
  loadPackage(PG, root);
}

/** Tries of a restart, and milliseconds between two of them. */
const TRIES = 20;
const PAUSE_MS = 25;

/**
 * Starts a server on the data of one that was killed. Its other processes notice that some moments later, and until
 * then the server refuses to start beside them.
 */
async function relaunch(launches: () => ReturnType<typeof launch>, ctx: ResourceContext): Promise<Running> {
  for (let left = TRIES; ; left -= 1) {
    const launched = await launches();
    if ('server' in launched || left === 0) return mustRun(launched, ctx);
    await pause(PAUSE_MS);
  }
}

/** Bytes that must be free in memory: an empty server, a template and a few clones have room then. */
const WANTED = 512 * 2 ** 20;
/** Less than this and not even an empty server gets up. */
const LEAST = 128 * 2 ** 20;

/** The directory that the data directory is made in. */
function parentFor(tmpfs: PostgresPlan['tmpfs'] = 'auto', bytes: number, ctx: ResourceContext): string {
  const choice = choosePlace(tmpfs, tempPlaces(), { inMemory: WANTED + bytes, anywhere: LEAST + bytes });
  if ('path' in choice) {
    if (choice.instead !== undefined) ctx.note(`its data is on disk, in ${choice.path}: ${choice.instead}`, true);
    return choice.path;
  }
  const full = choice.error === 'no-space';
  throw new GreenroomError({
    code: full ? 'DISK_FULL' : 'RESOURCE_START_FAILED',
    message: `there is no place for the data of ${ctx.name}: ${choice.reason}`,
    subject: ctx.name,
    hint: full
      ? 'free some space there; TMPDIR chooses another place'
      : "give /dev/shm more room (in a container: `--shm-size=1g`), or take `tmpfs: 'auto'`",
  });
}

async function startEmpty(at: Installation, ctx: ResourceContext): Promise<Started> {
  const password = newPassword();
  await initialise({ ...at, password }, ctx);
  // SIGTERM waits for all clients to leave. SIGQUIT does not even write the data out, which nobody will read again.
  const running = mustRun(await launch(at, { password, stopSignal: 'SIGQUIT' }, ctx), ctx);
  return { ...running, lanes: lanesTo(() => running.server, ctx) };
}

/** The one that the endpoint names, and beside it the first of those that slices will be. */
async function makeDatabases(
  server: Running['server'],
  lanes: Lanes,
  { database, origin }: { readonly database: string; readonly origin: Origin | undefined },
  ctx: ResourceContext,
): Promise<void> {
  const template = origin && (await lanes.use((ask) => openTemplate(ask, templateName(origin.key))));
  const made =
    database === MAINTENANCE ? Promise.resolve() : lanes.use((ask) => createDatabase(ask, template, database));
  await Promise.all([made, ctx.plan.slice && offerDatabases({ server, lanes, template, meanwhile: made }, ctx)]);
  // An open connection is a process.
  if (ctx.plan.slice === undefined) lanes.close();
}
