/** A server with a sealed template on it: from the cache, else built and kept. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';
import { initialise } from './cluster.ts';
import type { KeptData } from './kept-data.ts';
import { type Lanes, lanesTo } from './lanes.ts';
import { buildingName, literal, SUPERUSER, templateName } from './names.ts';
import { removeMaps } from './maps.ts';
import { type Installation, launch, mustRun, type Running, serverAt } from './server.ts';
import { COMPACT } from './settings.ts';
import { buildTemplate, type TemplateSource } from './template.ts';

/** Where the data directory comes from. */
export interface Origin {
  readonly kept: KeptData;
  /** Key of the template. */
  readonly key: string;
  readonly source: TemplateSource;
  /** Of the server's programs, with who packed them. */
  readonly version: string;
}

/** A server that runs, with what its databases are made on, and what is to be done once it is in use. */
export interface Started extends Running {
  readonly lanes: Lanes;
  /** Keeps for the next run what was built; to be called when nobody waits any more. */
  readonly keep?: () => void;
}

/** Nobody speaks to it yet. */
type Silent = Omit<Started, 'lanes'>;

/** Milliseconds that a server on cached data has to get up; it needs 50, unless the data is broken. */
const CACHED_LIMIT_MS = 20_000;

/**
 * Each client computes as many hashes whenever it connects. They make guessing slow, and nobody guesses 144 random bits.
 * A server before 16 does not have the setting.
 */
const FEW_ITERATIONS = `select set_config(name, '1', false) from pg_settings where name = 'scram_iterations'`;

/** A new secret: 144 random bits. */
export const newPassword = (): string => randomBytes(18).toString('base64url');

/**
 * Starts a server on a data directory that has the template, with a password of this start alone: the one that the
 * directory came with was never told to anybody but the migration.
 * @throws GreenroomError MIGRATION_FAILED, RESOURCE_EXITED
 */
export async function startTemplated(at: Installation, origin: Origin, ctx: ResourceContext): Promise<Started> {
  const silent = (await fromCache(at, origin.kept, ctx)) ?? (await fromNothing(at, origin, ctx));
  let { server } = silent;
  const lanes = lanesTo(() => server, ctx);
  const password = newPassword();
  const change = `${FEW_ITERATIONS}; alter role ${SUPERUSER} password ${literal(password)}`;
  await orAbort(
    ctx.signal,
    lanes.use((ask) => ask(change)),
  );
  server = serverAt(at.port, password);
  return { ...silent, server, lanes };
}

async function fromCache(at: Installation, kept: KeptData, ctx: ResourceContext): Promise<Silent | undefined> {
  const password = await kept.take(at.data);
  if (password === undefined) return undefined;
  const launched = await launch(at, { password, stopSignal: 'SIGQUIT', limit: CACHED_LIMIT_MS }, ctx);
  if ('server' in launched) return launched;
  await kept.discard(at.data, `the server on it ${describeExit(launched)}`);
  return undefined;
}

/**
 * Builds the template on a server that nobody else knows, stops that one in good order, and starts another one once its
 * data is packed. So what specs do to a server (roles, settings) is never in what is kept.
 */
async function fromNothing(
  at: Installation,
  { kept, key, source, version }: Origin,
  ctx: ResourceContext,
): Promise<Silent> {
  const password = newPassword();
  await initialise({ ...at, password }, ctx);
  await build(at, password, { key, source }, ctx);
  await removeMaps(at.data);
  const archive = await kept.pack(at.data, join(at.home, 'original.tar'));
  const running = mustRun(await launch(at, { password, stopSignal: 'SIGQUIT' }, ctx), ctx);
  return archive === undefined ? running : { ...running, keep: () => void kept.put(archive, version, password) };
}

async function build(
  at: Installation,
  password: string,
  { key, source }: Pick<Origin, 'key' | 'source'>,
  ctx: ResourceContext,
): Promise<void> {
  const how = { password, stopSignal: 'SIGINT', label: `${ctx.name}-build`, settings: COMPACT } as const;
  const { server, process } = mustRun(await launch(at, how, ctx), ctx);
  await buildTemplate(server, source, { building: buildingName(key, ctx.nonce), sealed: templateName(key) }, ctx);
  const exit = await process.stop();
  if (exit.code === 0) return;
  const what = `the server on which its template was built ${describeExit(exit)}`;
  throw ctx.error('RESOURCE_START_FAILED', what, 'its log ends with the reason');
}
