/** Slices of a server that was there before, and that others use, too: nothing of theirs is touched. */
import type { ResourceContext } from '../driver.ts';
import { addressText } from '../../protocol/address.ts';
import { session } from '../probes/sql.ts';
import { openTemplate, type Template } from './clone.ts';
import { readSteps } from './contents.ts';
import { holdLock } from './generation-lock.ts';
import { lanesTo } from './lanes.ts';
import { MAINTENANCE } from './names.ts';
import { hasTemplate, type PostgresPlan } from './options.ts';
import { newOwner } from './owner.ts';
import { roomOn, type Room } from './room.ts';
import { offerDatabases } from './slices.ts';
import { removeDatabases, sweep } from './sweeper.ts';
import { buildTemplate, type Server } from './template.ts';

/** @throws GreenroomError SLICE_FAILED, MIGRATION_FAILED */
export async function offerGuestDatabases(server: Server, ctx: ResourceContext): Promise<void> {
  const owner = newOwner(ctx);
  const where = `the server at ${addressText(server)}`;
  // Not the lock's connection, which may be what was lost.
  const remove = (): Promise<void> => {
    const patience = AbortSignal.timeout(ctx.plan.stopTimeout);
    return session(named(server, `${owner}_end`).url(MAINTENANCE), ctx.root, patience, (ask) =>
      removeDatabases(ask, owner),
    );
  };
  const ask = await holdLock(named(server, `${owner}_lock`).url(MAINTENANCE), owner, remove, ctx);
  const room = await roomOn(ask, where, ctx);
  await sweep(ask, ctx.note);
  const guest = named(server, owner);
  const built = await templateOf(ctx.plan.options, guest, owner, ctx);
  const template = built === undefined ? undefined : await openTemplate(ask, built);
  if (template !== undefined) mustBeCopied(template, room, ctx);
  const lanes = lanesTo(() => guest, ctx);
  await offerDatabases({ server: guest, lanes, template, guest: { owner, connections: room.connections } }, ctx);
}

async function templateOf(
  options: PostgresPlan,
  server: Server,
  owner: string,
  ctx: ResourceContext,
): Promise<string | undefined> {
  if (!hasTemplate(options)) return undefined;
  const source = { extensions: options.extensions ?? [], steps: await readSteps(options, ctx) };
  return buildTemplate(server, source, { building: `${owner}_building`, sealed: `${owner}_template` }, ctx);
}

/** Copies get settings and rights of the template itself by writing to catalogs. */
function mustBeCopied({ hasOwn }: Template, { superuser }: Room, ctx: ResourceContext): void {
  if (superuser || !hasOwn) return;
  throw ctx.error(
    'SLICE_FAILED',
    `migrating ${ctx.name} sets settings or rights of the database itself, which only a superuser can give to slices`,
    'take `alter database` and `grant … on database` out of the migration, or name a superuser in `url`',
  );
}

/** The same server; who makes databases there bears a name, so that it can be ended when it is dead. */
function named(server: Server, name: string): Server {
  return {
    ...server,
    url(database) {
      const url = server.url(database);
      if (database !== MAINTENANCE) return url;
      const other = new URL(url);
      other.searchParams.set('application_name', name);
      return other.href;
    },
  };
}
