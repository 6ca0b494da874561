import { join } from 'node:path';
import type { Exit, ManagedProcess, ProcessSpec, ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { literal, MAINTENANCE, SUPERUSER } from './names.ts';
import type { Settings } from './options.ts';
import { settingsOf } from './settings.ts';
import type { Server } from './template.ts';

/** Milliseconds between two tries to connect; the server is up about 45 ms after its start. */
const CONNECT_EVERY = 3;
const HOST = '127.0.0.1';

/** What all starts of one resource have in common. */
export interface Installation {
  /** Directory of the programs. */
  readonly bin: string;
  /** Private directory of the server's user. */
  readonly home: string;
  /** The data directory, below `home`. */
  readonly data: string;
  readonly port: number;
  readonly settings: Settings;
  /** Whom it has connections for, also when it is brought back. */
  readonly workers: number | undefined;
  readonly user?: ProcessSpec['user'];
}

/** How one start differs from another. */
interface Launch {
  readonly password: string;
  readonly stopSignal: NodeJS.Signals;
  readonly label?: string;
  /** On top of the user's. */
  readonly settings?: Settings;
  /** Ends the start besides the context's own. */
  readonly signal?: AbortSignal;
  /** Milliseconds until it is given up, where the start's own deadline is too far away. */
  readonly limit?: number;
}

/** A server that answers, and its process, which nobody guards yet. */
export interface Running {
  readonly server: Server;
  readonly process: ManagedProcess;
}

/** Starts a server; resolves when it answers, or with how it ended before. */
export async function launch(at: Installation, how: Launch, ctx: ResourceContext): Promise<Running | Exit> {
  const process = await ctx.spawn({
    run: [
      join(at.bin, 'postgres'),
      '-D',
      at.data,
      ...settingsOf(HOST, at.port, at.workers, { ...at.settings, ...how.settings }),
    ],
    cwd: at.home,
    stopSignal: how.stopSignal,
    deathSignal: 'SIGQUIT',
    oneShot: true,
    ...(how.label === undefined ? {} : { label: how.label }),
    ...(at.user === undefined ? {} : { user: at.user }),
  });
  const server = serverAt(at.port, how.password);
  // A server that is not ours would not have our data directory, even if it took our password.
  const query = `select current_setting('data_directory') = ${literal(at.data)}`;
  const over = new AbortController();
  const timer = how.limit === undefined ? undefined : setTimeout(() => void process.stop(), how.limit);
  try {
    const up = ctx
      .untilPasses(
        { probe: 'sql', query, interval: CONNECT_EVERY },
        { url: server.url(MAINTENANCE) },
        { signal: how.signal === undefined ? over.signal : AbortSignal.any([over.signal, how.signal]) },
      )
      .then(() => ({ server, process }));
    return await Promise.race([up, process.exited]);
  } catch (error) {
    // The next attempt needs its data.
    if (how.signal?.aborted === true) await process.stop(0);
    throw error;
  } finally {
    clearTimeout(timer);
    over.abort(new Error('it is up, or has ended'));
  }
}

/** The server, where there is nothing else to try. @throws GreenroomError RESOURCE_EXITED */
export function mustRun(launched: Running | Exit, ctx: ResourceContext): Running {
  if ('server' in launched) return launched;
  const message = `${ctx.name} ${describeExit(launched)} before it was ready`;
  throw ctx.error('RESOURCE_EXITED', message, 'its log ends with the reason');
}

export function serverAt(port: number, password: string): Server {
  return {
    host: HOST,
    port,
    user: SUPERUSER,
    password,
    url: (database) => `postgres://${SUPERUSER}:${password}@${HOST}:${port}/${database}`,
  };
}
