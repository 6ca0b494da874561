import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Driver } from '../driver.ts';

/** One directory below the temporary ones, which the ledger knows; slices are directories in it. */
export const dirDriver: Driver = {
  async start(ctx) {
    const path = await ctx.tempDir(ctx.name);
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
