/** A server that was there before: it is used, never stopped. */
import type { Endpoint } from '../../protocol/plan.ts';
import { describeError } from '../../protocol/failure.ts';
import { adopt } from '../adopt.ts';
import type { ResourceContext } from '../driver.ts';
import { query } from '../probes/sql.ts';
import { offerGuestDatabases } from './guest.ts';
import type { Server } from './template.ts';

/** Milliseconds for a first try, which only looks whether we are let in. */
const FIRST_TRY_MS = 2_000;
/** What a server says to whom it does not let in: a wrong password; no such role, or no way in for it. */
const REFUSALS: ReadonlySet<unknown> = new Set(['28P01', '28000']);

/** @throws GreenroomError ADOPT_FAILED; SLICE_FAILED for a server that cannot be cut into slices */
export async function adoptServer(ctx: ResourceContext, url: URL): Promise<Endpoint> {
  await mustBeLetIn(ctx, url);
  const user = decodeURIComponent(url.username);
  const endpoint = {
    host: url.hostname,
    port: Number(url.port || 5432),
    url: url.href,
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
  };
  const adopted = { ...endpoint, ...(await adopt(ctx, { probe: 'sql', query: 'select true' }, endpoint)) };
  if (ctx.plan.slice !== undefined) await offerGuestDatabases(serverOf(adopted), ctx);
  return adopted;
}

/** Whoever is not let in now will not be let in later; anything else may pass while the server gets up. */
async function mustBeLetIn(ctx: ResourceContext, url: URL): Promise<void> {
  try {
    await query(url.href, 'select true', ctx.root, AbortSignal.any([ctx.signal, AbortSignal.timeout(FIRST_TRY_MS)]));
  } catch (error) {
    if (!REFUSALS.has((error as { code?: unknown } | undefined)?.code)) return;
    throw ctx.error(
      'ADOPT_FAILED',
      `the server at ${url.host} that ${ctx.name} shall adopt does not let it in: ${describeError(error)}`,
      'correct user and password in `url`',
    );
  }
}

function serverOf({ url, ...rest }: Omit<Server, 'url'> & { readonly url: string }): Server {
  return {
    ...rest,
    url(database) {
      const other = new URL(url);
      other.pathname = `/${encodeURIComponent(database)}`;
      return other.href;
    },
  };
}
