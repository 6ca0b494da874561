import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tempPlaces } from '../../platform/memory-dirs.ts';
import type { Driver, ResourceContext } from '../driver.ts';
import { choosePlace } from '../place.ts';
import type { DirPlan } from './options.ts';

/** Bytes that a tmpfs must have where nobody says how many are needed: the 64 MiB of a container are soon full. */
const ROOM = 256 * 2 ** 20;

/** One directory below the temporary ones, which the ledger knows; slices are directories in it. */
export const dirDriver: Driver = {
  async start(ctx) {
    const path = await ctx.tempDir(ctx.name, undefined, parentFor(ctx));
    ctx.offerSlices({
      async make(name) {
        const own = join(path, name);
        await mkdir(own, { mode: 0o700 });
        return { path: own };
      },
      drop: (name) => rm(join(path, name), { recursive: true, force: true }),
    });
    return { path };
  },
};

/** The directory that it is made in. */
function parentFor(ctx: ResourceContext): string {
  const { tmpfs = false, space } = ctx.plan.options as DirPlan;
  const places = tempPlaces().filter(({ path }) => tmpfs !== false || path === tmpdir());
  const choice = choosePlace(tmpfs, places, { inMemory: space ?? ROOM, anywhere: space ?? 0 });
  if ('path' in choice) {
    if (choice.instead !== undefined) ctx.note(`it is on disk, in ${choice.path}: ${choice.instead}`, true);
    return choice.path;
  }
  const message = `there is no place for the files of ${ctx.name}: ${choice.reason}`;
  if (choice.error === 'no-space') {
    throw ctx.error('DISK_FULL', message, 'free some space there, or set TMPDIR to a directory with more');
  }
  throw ctx.error(
    'RESOURCE_START_FAILED',
    message,
    "give /dev/shm more room (in a container: `--shm-size=1g`), or take `tmpfs: 'auto'`",
  );
}
