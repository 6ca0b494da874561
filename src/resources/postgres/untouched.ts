/** Whether a database that was given back is as it was made, so that it can be handed out again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask, Results } from '../probes/sql.ts';
import { identifier, literal } from './names.ts';

/** Milliseconds that sessions of a holder that is gone may take to end, in all and between two looks. */
const LEAVING_MS = 100;
const LOOK_MS = 5;
/** `server_version_num` from which on what a session has done is counted at the latest when it is gone. */
const COUNTED = 150_000;

/** What is needed for the judgement. */
export interface Judge {
  /** Runs SQL on the server's own database. */
  readonly use: <T>(task: (ask: Ask) => Promise<T>) => Promise<T>;
  /** Runs SQL in a database. */
  readonly inside: (database: string, text: string) => Promise<Results>;
  /** A name that nobody has or had. */
  readonly newName: () => string;
  /** What it was made from, if it was not made empty. */
  readonly template: string | undefined;
  /** When the server's counts began: a crash loses them. */
  readonly countsSince: string;
  /** State of all sequences in a database that nobody has used. */
  readonly sequences: () => Promise<string>;
}

/**
 * Renames what nobody has touched, so that nobody who knew it can come back to it. Judged by counts, not by looking
 * at data: whatever cannot be known for sure counts as touched.
 *
 * @returns Its name now, and whether it is as new.
 */
export async function judge(
  database: string,
  from: Judge,
): Promise<{ readonly name: string; readonly isNew: boolean }> {
  let name = database;
  try {
    if ((await whenAlone(name, from)) === undefined) return { name, isNew: false };
    const next = from.newName();
    await from.use((ask) => ask(`alter database ${identifier(name)} rename to ${identifier(next)}`));
    name = next;
    // Once more: until now somebody could have connected.
    const sessions = await whenAlone(name, from);
    if (sessions === undefined) return { name, isNew: false };
    const isNew =
      sessions === 0 || (await readSequences((text) => from.inside(name, text))) === (await from.sequences());
    return { name, isNew };
  } catch {
    return { name, isNew: false };
  }
}

/** How many sessions it has had, once none is left; undefined when some stay, or it was touched. */
async function whenAlone(name: string, from: Judge): Promise<number | undefined> {
  for (let waited = 0; waited <= LEAVING_MS; waited += LOOK_MS) {
    const [connected, unchanged, sessions] = await from.use((ask) => look(ask, name, from));
    if (!unchanged) return undefined;
    if (!connected) return sessions;
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** Rolled back or not, what writes rows is counted: INSERT, TRUNCATE, DDL, large objects. The rest has no rows of its own. */
async function look(
  ask: Ask,
  name: string,
  { template, countsSince }: Judge,
): Promise<readonly [boolean, boolean, number]> {
  const settings = (oid: string): string =>
    `(select array_agg(row(setrole, setconfig)::text order by setrole) from pg_db_role_setting where setdatabase = ${oid})`;
  const [result] = await ask(
    `select exists (select from pg_stat_activity where datid = d.oid),
      s.tup_inserted + s.tup_updated + s.tup_deleted = 0 and s.stats_reset is null
        and current_setting('track_counts')::bool and current_setting('server_version_num')::int >= ${COUNTED}
        and (select stats_reset::text from pg_stat_archiver) = ${literal(countsSince)}
        and d.datacl is not distinct from t.datacl and ${settings('d.oid')} is not distinct from ${settings('t.oid')}
        and d.datallowconn and not d.datistemplate and d.datconnlimit = -1
        and d.datdba = (select oid from pg_roles where rolname = current_user)
        and not exists (select from pg_shdescription where objoid = d.oid and classoid = 'pg_database'::regclass)
        and not exists (select from pg_prepared_xacts where database = d.datname)
        and not exists (select from pg_replication_slots where datoid = d.oid)
        and not exists (select from pg_subscription where subdbid = d.oid),
      s.sessions::int
      from pg_database d join pg_stat_database s on s.datid = d.oid
        left join pg_database t on t.datname = ${literal(template ?? '')}
      where d.datname = ${literal(name)}`,
  );
  const row = result?.rows[0] as [boolean, boolean | null, number] | undefined;
  // Renamed by its holder, or dropped.
  return row === undefined ? [false, false, 0] : [row[0], row[1] === true, row[2]];
}

/** When the server began to count, as `Judge` needs it. */
export async function beginOfCounts(ask: Ask): Promise<string> {
  const [result] = await ask('select stats_reset::text from pg_stat_archiver');
  return String((result?.rows[0] as readonly unknown[] | undefined)?.[0]);
}

/** Each sequence and where it stands: no count tells of `nextval` and `setval`. */
export async function readSequences(ask: Ask): Promise<string> {
  const [list] = await ask(
    `select string_agg(format('select %L, last_value, is_called from %I.%I', c.oid, n.nspname, c.relname), ' union all '
      order by c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S'`,
  );
  const [text] = (list?.rows[0] ?? []) as readonly (string | null)[];
  if (text === undefined || text === null) return '';
  const [values] = await ask(text);
  return JSON.stringify(values?.rows);
}
