/** Templates on a running server: built under a private name, sealed, and cloned. */
import { pause } from '../../platform/deadline.ts';
import { faultPoint } from '../../platform/fault.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { type Ask, session } from '../probes/sql.ts';
import type { ReadStep } from './contents.ts';
import { failed, runStep } from './migrate.ts';
import { identifier, literal, MAINTENANCE, type TemplateNames } from './names.ts';

/** Milliseconds that sessions of a migration have to end once it says that it is done. */
const LEAVE_MS = 2_000;
const LOOK_EVERY_MS = 5;

/** A server, as its owner reaches it. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The url of one of its databases. */
  url(database: string): string;
}

/** What a template is made from. */
export interface TemplateSource {
  readonly extensions: readonly string[];
  readonly steps: readonly ReadStep[];
}

/**
 * Builds a template and seals it. Its name appears last, when nothing can change it any more: a name that exists is
 * complete.
 * @returns Its name.
 * @throws GreenroomError MIGRATION_FAILED
 */
export async function buildTemplate(
  server: Server,
  source: TemplateSource,
  { building, sealed }: TemplateNames,
  ctx: ResourceContext,
): Promise<string> {
  const url = server.url(building);
  await session(server.url(MAINTENANCE), ctx.root, ctx.signal, async (ask) => {
    await ask(`create database ${identifier(building)} template template0`);
    faultPoint('postgres.building');
    await createExtensions(source.extensions, url, ctx);
    const { host, port, user, password } = server;
    const database: Endpoint & { url: string } = { host, port, url, user, password, database: building };
    for (const step of source.steps) await runStep(step, database, ctx);
    await seal(ask, building, sealed, ctx);
  });
  return sealed;
}

async function createExtensions(names: readonly string[], url: string, ctx: ResourceContext): Promise<void> {
  if (names.length === 0) return;
  await session(url, ctx.root, ctx.signal, async (ask) => {
    for (const name of names) {
      await ask(`create extension ${identifier(name)} cascade`).catch((error: Error) => {
        throw failed(
          ctx,
          `the extension ${name}`,
          error.message,
          'install it for this server, or take it out of `extensions`',
        );
      });
    }
  });
}

/**
 * A session on a template makes each clone wait five seconds and fail, and one that begins while it is cloned waits
 * itself. So nobody is let in any more, and whoever is still there must leave: what it holds open in the config host
 * would die with its session, and take that process with it.
 */
async function seal(ask: Ask, building: string, name: string, ctx: ResourceContext): Promise<void> {
  await ask(`alter database ${identifier(building)} allow_connections false`);
  const sessions = `from pg_stat_activity where datname = ${literal(building)}`;
  const clients = `select coalesce(nullif(application_name, ''), 'pid ' || pid), left(query, 80) ${sessions} and backend_type = 'client backend'`;
  const open = async (): Promise<readonly unknown[]> => (await ask(clients))[0]?.rows ?? [];
  const deadline = Date.now() + LEAVE_MS;
  let left = await open();
  while (left.length > 0 && Date.now() < deadline) {
    await pause(LOOK_EVERY_MS);
    left = await open();
  }
  if (left.length > 0) throw stillOpen(left as readonly (readonly string[])[], ctx);
  // Workers of extensions count as sessions too, and nobody else would end them. Those of autovacuum end for a clone by
  // themselves, and only a superuser may end them.
  await ask(`select pg_terminate_backend(pid) ${sessions} and backend_type <> 'autovacuum worker'`);
  faultPoint('postgres.sealing');
  await ask(
    `alter database ${identifier(building)} is_template true; alter database ${identifier(building)} rename to ${identifier(name)}`,
  );
}

function stillOpen(sessions: readonly (readonly string[])[], ctx: ResourceContext): Error {
  const [who = '', said = ''] = sessions[0] ?? [];
  const what = `${sessions.length} of its connections stayed open, such as ${who}, last with ${JSON.stringify(said)}`;
  return failed(ctx, 'its end', what, 'close them before the migration ends: `await pool.end()`, `await client.end()`');
}
