/** Databases made from a sealed template. */
import type { Ask } from '../probes/sql.ts';
import { identifier, literal } from './names.ts';

/** From here on copying blocks by reference is worth its setup, where the file system can. */
const LARGE_BYTES = 100 * 2 ** 20;
/** `server_version_num` of the first server that can choose a strategy, and of the first that can copy by reference. */
const WITH_STRATEGY = 150_000;
const WITH_CLONING = 180_000;

/** A sealed template, and how this server copies it best. */
export interface Template {
  readonly name: string;
  /** Whether blocks are copied by reference, where the file system lets the server. */
  readonly byReference: boolean;
  /** What stands behind `create database … template …`. */
  readonly strategy: string;
  /** Whether it has settings or rights of its own, which a copy does not get by itself. */
  readonly hasOwn: boolean;
}

/** Finds out about a template that has been sealed on the server that `ask` speaks to. */
export async function openTemplate(ask: Ask, name: string): Promise<Template> {
  const own = `select 1 from pg_db_role_setting where setdatabase = d.oid`;
  const [result] = await ask(
    `select current_setting('server_version_num')::int, current_setting('fsync') = 'on', pg_database_size(d.oid)::float8,
      d.datacl is not null or exists (${own}) from pg_database d where d.datname = ${literal(name)} and d.datistemplate`,
  );
  const row = result?.rows[0] as [number, boolean, number, boolean] | undefined;
  if (row === undefined) throw new Error(`there is no template ${name}`);
  const [version, fsync, size, hasOwn] = row;
  return { name, hasOwn, ...howToCopy(version, fsync, size) };
}

/**
 * With fsync a copy of files costs two checkpoints; without, it is up to three times as fast as the log. By reference
 * it is slower for small templates, and for many at once.
 */
export function howToCopy(version: number, fsync: boolean, size: number): Pick<Template, 'byReference' | 'strategy'> {
  if (version < WITH_STRATEGY || fsync) return { byReference: false, strategy: '' };
  return { byReference: version >= WITH_CLONING && size >= LARGE_BYTES, strategy: ' strategy file_copy' };
}

/**
 * Makes a database from a template, or an empty one; as many at once as one likes.
 * @param ask A connection to another database of that server, of a superuser.
 */
export async function createDatabase(ask: Ask, template: Template | undefined, database: string): Promise<void> {
  if (template === undefined) {
    await ask(`create database ${identifier(database)}`);
    return;
  }
  const copy = `create database ${identifier(database)} template ${identifier(template.name)}${template.strategy}`;
  if (!template.byReference || !(await byReference(ask, copy))) await ask(copy);
  if (template.hasOwn) await carryOver(ask, template.name, database);
}

/** False where it could not be done so: the server was built without it, or the file system or kernel has no way to. */
async function byReference(ask: Ask, copy: string): Promise<boolean> {
  try {
    await ask(`set file_copy_method = 'clone'`);
    await ask(copy);
    return true;
  } catch {
    await ask('reset file_copy_method').catch(() => undefined);
    return false;
  }
}

/** `alter database … set` and `grant … on database` of a migration belong to the template alone, unless copied. */
async function carryOver(ask: Ask, from: string, to: string): Promise<void> {
  const pair = `a.datname = ${literal(from)} and b.datname = ${literal(to)}`;
  await ask(
    `insert into pg_db_role_setting (setdatabase, setrole, setconfig)
      select b.oid, s.setrole, s.setconfig
        from pg_db_role_setting s join pg_database a on a.oid = s.setdatabase, pg_database b where ${pair};
    update pg_database b set datacl = a.datacl from pg_database a where ${pair}`,
  );
}
