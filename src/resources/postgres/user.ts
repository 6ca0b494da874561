import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ProcessSpec, ResourceContext } from '../driver.ts';

type User = NonNullable<ProcessSpec['user']>;

/** Who the server runs as when we are root, which PostgreSQL refuses to be: the first of these that exists. */
const USERS = ['postgres', 'nobody'];

/** The user the server must run as; undefined: as ourselves. */
export async function serverUser(ctx: ResourceContext): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const local = localUsers();
  for (const name of USERS) {
    const user = local.get(name) ?? (await idsOf(name));
    if (user !== undefined) return user;
  }
  throw ctx.error(
    'RESOURCE_START_FAILED',
    `PostgreSQL does not run as root, and there is no user ${USERS.join(' or ')} for ${ctx.name} to run as`,
    'useradd --system postgres',
  );
}

/** Those that are in the usual file: no other process needs to be asked. */
function localUsers(): ReadonlyMap<string, User> {
  try {
    return usersIn(readFileSync('/etc/passwd', 'utf8'));
  } catch {
    return new Map();
  }
}

/** The users of a `passwd(5)` file, by name. Pure. */
export function usersIn(text: string): ReadonlyMap<string, User> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name = '', , uid = '', gid = ''] = line.split(':');
      return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? [[name, { uid: Number(uid), gid: Number(gid) }]] : [];
    }),
  );
}

/** From wherever the system has its users. */
async function idsOf(name: string): Promise<User | undefined> {
  const ask = async (flag: string): Promise<number> => Number((await promisify(execFile)('id', [flag, name])).stdout);
  try {
    const [uid, gid] = await Promise.all([ask('-u'), ask('-g')]);
    return { uid, gid };
  } catch {
    return undefined; // `id` ends with 1 when there is none
  }
}
