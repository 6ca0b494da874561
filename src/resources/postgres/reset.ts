/**
 * Brings a database back to how it was made, by its rows: what was empty is emptied, what had rows gets them again, and
 * sequences stand where they stood. Counts of the server are of no use here, because sessions that stay tell what they
 * have done up to ten seconds late. Rows know it: of what has changed, some are newer, or the number is another one.
 */
import type { Ask, Results } from '../probes/sql.ts';
import { literal } from './names.ts';

/** A database that nobody uses, made from the same. */
export type Inside = (text: string) => Promise<Results>;

interface Table {
  readonly name: string;
  /** Those that can be written. */
  readonly columns: string;
  readonly rows: number;
  /** The transaction that wrote the newest of them. */
  readonly newest: string;
}

/** What a database has when it is made. */
export interface Contents {
  readonly tables: readonly Table[];
  /** Statements that ask whether a sequence stands elsewhere, and that put it back. */
  readonly sequences: readonly { readonly moved: string; readonly back: string }[];
  readonly schema: string;
}

/** Milliseconds that a transaction of a spec may hold up the reset. */
const LOCK_MS = 5_000;

/** A later CREATE, ALTER or DROP makes another one; TRUNCATE, ANALYZE and temporary tables do not. */
const SCHEMA = `select string_agg(concat_ws(' ', of, n, newest), ',' order by of) from (
  select 'column' of, count(*) n, max(a.xmin::text::bigint) newest from pg_attribute a join pg_class c on c.oid = attrelid
    where c.oid >= 16384 and relpersistence <> 't' and relnamespace <> 'pg_toast'::regnamespace
  union all select 'constraint', count(*), max(xmin::text::bigint) from pg_constraint
    where oid >= 16384 and connamespace not in (select oid from pg_namespace where nspname like 'pg\\_%')
  union all select 'function', count(*), max(xmin::text::bigint) from pg_proc where oid >= 16384
  union all select 'trigger', count(*), max(t.xmin::text::bigint) from pg_trigger t join pg_class c on c.oid = tgrelid
    where relpersistence <> 't'
  union all select 'view', count(*), max(xmin::text::bigint) from pg_rewrite where oid >= 16384
  union all select 'policy', count(*), max(xmin::text::bigint) from pg_policy
  union all select 'enum', count(*), max(xmin::text::bigint) from pg_enum where oid >= 16384
) s`;

/** Reads what a database has that was just made. */
export async function readContents(ask: Inside): Promise<Contents> {
  const [tables, sequences, schema] = await ask(
    `select format('%I.%I', nspname, relname), (select string_agg(quote_ident(attname), ', ' order by attnum)
        from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '')
      from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind = 'r' and relpersistence <> 't' and c.oid >= 16384 order by c.oid;
    select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind = 'S' and relpersistence <> 't' and c.oid >= 16384 order by c.oid;
    ${SCHEMA}`,
  );
  const found: Table[] = [];
  for (const [name, columns] of (tables?.rows ?? []) as [string, string][]) {
    const [counted] = await ask(`select count(*)::int, coalesce(max(xmin::text::bigint), 0)::text from only ${name}`);
    const [rows, newest] = (counted?.rows[0] ?? [0, '0']) as [number, string];
    found.push({ name, columns, rows, newest });
  }
  const standing: Contents['sequences'][number][] = [];
  for (const [name] of (sequences?.rows ?? []) as [string][]) {
    const [stands] = await ask(`select last_value::text, is_called from ${name}`);
    const [last, called] = (stands?.rows[0] ?? ['1', false]) as [string, boolean];
    standing.push({
      moved: `select 1 from ${name} where last_value <> ${last} or is_called <> ${called}`,
      back: `select setval(${literal(name)}, ${last}, ${called})`,
    });
  }
  return { tables: found, sequences: standing, schema: one(schema) };
}

/** One database that is used, and brought back again and again. */
export class Resettable {
  private readonly contents: Contents;
  private readonly unused: Inside;
  private readonly newest: Map<string, string>;
  private schema: string;

  /** @param unused where the rows are that it had */
  constructor(contents: Contents, unused: Inside) {
    this.contents = contents;
    this.unused = unused;
    this.newest = new Map(contents.tables.map(({ name, newest }) => [name, newest]));
    this.schema = contents.schema;
  }

  /** Returns false, once, when the schema has been changed: that stays as it is. */
  async reset(ask: Ask): Promise<boolean> {
    const { tables, sequences } = this.contents;
    const changed = tables.map((table, at) => `select 't', ${at} where ${this.hasChanged(table)}`);
    const moved = sequences.map((sequence, at) => `select 's', ${at} where exists (${sequence.moved})`);
    const questions = [...changed, ...moved];
    const [schema, dirty] = await ask(
      [SCHEMA, ...(questions.length > 0 ? [questions.join(' union all ')] : [])].join(';'),
    );
    const acts: string[] = [];
    const refilled: string[] = [];
    for (const [kind, at] of (dirty?.rows ?? []) as ['t' | 's', number][]) {
      const table = kind === 't' ? tables[at] : undefined;
      if (table === undefined) acts.push(sequences[at]?.back ?? '');
      else acts.push(`delete from only ${table.name}`, ...(await this.refill(table)));
      if (table !== undefined) refilled.push(table.name);
    }
    if (acts.length > 0) {
      // Without triggers, and whatever refers to what: all is as it was in the end.
      const before = `set session_replication_role = replica; set lock_timeout = ${LOCK_MS}`;
      const results = await ask([before, ...acts, 'select pg_current_xact_id()::text'].join(';'));
      for (const name of refilled) this.newest.set(name, one(results.at(-1)));
    }
    const now = one(schema);
    const kept = now === this.schema;
    this.schema = now;
    return kept;
  }

  private hasChanged({ name, rows }: Table): string {
    if (rows === 0) return `exists (select from only ${name})`;
    const newest = this.newest.get(name) ?? '0';
    return `(select count(*) <> ${rows} or max(xmin::text::bigint) > ${newest} from only ${name})`;
  }

  private async refill({ name, columns, rows }: Table): Promise<readonly string[]> {
    if (rows === 0) return [];
    const [all] = await this.unused(`select array_agg(t)::text from only ${name} t`);
    return [
      `insert into ${name} (${columns}) overriding system value select ${columns} from unnest(${literal(one(all))}::${name}[])`,
    ];
  }
}

/** The first value of a result, as text. */
function one(result: Results[number] | undefined): string {
  return String((result?.rows[0] as readonly unknown[] | undefined)?.[0]);
}
