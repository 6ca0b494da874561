/** The lock that says that an owner lives. */
import type { ResourceContext } from '../driver.ts';
import { type Ask, session } from '../probes/sql.ts';
import { orAbort } from '../probes/timing.ts';
import { lockIdOf } from './owner.ts';

/**
 * Takes the lock of an owner, on a connection that stays open until the teardown has removed what is the owner's. The
 * server gives it back when that connection ends, however it ends; then the resource is lost, as others may remove
 * its databases from there on.
 * @param url of the database in which all take their locks: each database has its own
 * @param remove removes what is the owner's; its databases are made after the lock is there
 * @returns what asks on that connection
 */
export async function holdLock(
  url: string,
  owner: string,
  remove: () => Promise<void>,
  ctx: ResourceContext,
): Promise<Ask> {
  const asking = Promise.withResolvers<Ask>();
  const ending = new AbortController();
  const over = new AbortController();
  let held = false;
  ctx.defer('its databases on a server that others use', async () => {
    ending.abort();
    try {
      if (held) await remove();
    } finally {
      over.abort();
    }
  });
  const holding = session(url, ctx.root, over.signal, async (ask, closed) => {
    // A server that ends idle sessions (from version 14 on it can) would end this one.
    await ask(
      `select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout';
       select pg_advisory_lock(${lockIdOf(owner)})`,
    );
    held = true;
    asking.resolve(ask);
    await closed;
    if (ending.signal.aborted) return;
    ctx.lost(`the connection that keeps the databases of ${ctx.name} its own was lost`);
  });
  holding.catch(asking.reject);
  return orAbort(ctx.signal, asking.promise);
}
