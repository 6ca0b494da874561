/** Maps of a data directory that its server does not need. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The first number of a file that `initdb` has not made. */
const FIRST_OF_USERS = 16_384;

/**
 * Removes them from its databases, while no server runs: free space maps, and visibility maps of system catalogs. They
 * are every fifth file of a database, and copying one takes its time by files. The server goes without, and makes them
 * again when it vacuums (PostgreSQL wiki, "Free Space Map Problems" and "Visibility Map Problems"). Visibility maps of
 * the user's tables stay, where there are any: a migration that vacuums wants them.
 */
export async function removeMaps(data: string): Promise<void> {
  const base = join(data, 'base');
  const databases = await readdir(base);
  await Promise.all(
    databases.map(async (database) => {
      const files = await readdir(join(base, database));
      await Promise.all(files.filter(isNeedless).map((file) => rm(join(base, database, file))));
    }),
  );
}

/** Whether it is one of these, by its name: `<number>_<which>`, and `.1` for its second gigabyte. Pure. */
export function isNeedless(file: string): boolean {
  const [, relation, map] = /^(\d+)_(fsm|vm)(?:\.\d+)?$/.exec(file) ?? [];
  return map === 'fsm' || (map === 'vm' && Number(relation) < FIRST_OF_USERS);
}
