import { execa } from 'execa';
import type { ProcessSpec, ResourceContext } from '../driver.ts';

type User = NonNullable<ProcessSpec['user']>;

/** Who the server runs as when we are root, which PostgreSQL refuses to be: the first of these that exists. */
const USERS = ['postgres', 'nobody'];

/** The user the server must run as; undefined: as ourselves. */
export async function serverUser(ctx: ResourceContext): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of USERS) {
    const user = await idsOf(name);
    if (user !== undefined) return user;
  }
  throw ctx.error(
    'RESOURCE_START_FAILED',
    `PostgreSQL does not run as root, and there is no user ${USERS.join(' or ')} for ${ctx.name} to run as`,
    'useradd --system postgres',
  );
}

async function idsOf(name: string): Promise<User | undefined> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => execa('id', [flag, name], { reject: false })));
  return uid?.failed === false && gid?.failed === false
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined;
}
