/** Whether a server that others use, too, has what slices need. */
import type { ResourceContext } from '../driver.ts';
import type { Ask } from '../probes/sql.ts';
import { CONNECTIONS_PER_WORKER, connectionsOf, workersFor } from './settings.ts';

/** The first `server_version_num` that drops a database with those who are connected to it. */
const WITH_FORCE = 130_000;

/** What there is for us. */
export interface Room {
  /** Connections that nobody has, and that are not kept for superusers. */
  readonly connections: number;
  readonly superuser: boolean;
}

/**
 * @param where the server, in messages
 * @throws GreenroomError SLICE_FAILED
 */
export async function roomOn(ask: Ask, where: string, ctx: ResourceContext): Promise<Room> {
  const [result] = await ask(
    `select current_setting('server_version_num')::int, rolname::text, rolsuper, rolsuper or rolcreatedb,
      current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid())
      from pg_roles where rolname = current_user`,
  );
  const row = result?.rows[0] as unknown as [number, string, boolean, boolean, number, number, number];
  const [version, role, superuser, mayCreate, most, reserved, inUse] = row;
  if (version < WITH_FORCE) {
    throw ctx.error('SLICE_FAILED', `${where} is too old to be cut into slices`, 'take PostgreSQL 13 or later');
  }
  if (!mayCreate) {
    const message = `the role ${role} may not create databases on ${where}, of which each slice of ${ctx.name} is one`;
    throw ctx.error('SLICE_FAILED', message, `alter role "${role}" createdb; or leave \`slice\` out`);
  }
  const { workers = 1 } = ctx;
  const connections = most - reserved - inUse;
  if (workersFor(connections) < workers) {
    const needed = connectionsOf(workers);
    throw ctx.error(
      'SLICE_FAILED',
      `${workers} workers at ${CONNECTIONS_PER_WORKER} connections each, and Greenroom, need ${needed} of ${where}, which has ${connections} left: max_connections ${most}, less ${reserved} reserved and ${inUse} in use`,
      `raise \`max_connections\` of that server to ${needed + reserved + inUse}, lower \`workers\`, or leave \`url\` out`,
    );
  }
  return { connections, superuser };
}
