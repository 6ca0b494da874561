import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec, ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';
import { SUPERUSER } from './names.ts';

/** The same on every machine. */
export const ENCODING = 'UTF8';
export const LOCALE = 'C';

export interface ClusterSpec {
  /** Directory of `initdb`. */
  readonly bin: string;
  /** Private directory of the server's user. */
  readonly home: string;
  /** The data directory to make. */
  readonly data: string;
  readonly password: string;
  readonly user?: ProcessSpec['user'];
}

/** Makes a data directory: C locale, UTF-8, and a password for each connection, as every local user can reach the port. */
export async function initialise(
  { bin, home, data, password, user }: ClusterSpec,
  ctx: ResourceContext,
): Promise<void> {
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const initdb = await ctx.spawn({
    run: [
      join(bin, 'initdb'),
      `--pgdata=${data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      `--encoding=${ENCODING}`,
      `--locale=${LOCALE}`,
      '--no-sync',
    ],
    cwd: home,
    deathSignal: 'SIGKILL',
    // Without a time zone it compares the machine's with all there are, and tests would depend on the machine.
    env: { TZ: 'UTC', LC_ALL: 'C' },
    oneShot: true,
    label: `${ctx.name}-initdb`,
    ...(user === undefined ? {} : { user }),
  });
  const exit = await orAbort(ctx.signal, initdb.exited);
  if (exit.code !== 0) {
    throw ctx.error(
      'RESOURCE_START_FAILED',
      `initdb of ${ctx.name} ${describeExit(exit)}`,
      'its log ends with the reason',
    );
  }
  rmSync(passwordFile);
}
