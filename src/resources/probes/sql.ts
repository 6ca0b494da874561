import { Socket } from 'node:net';
import type pg from 'pg';
import { addressText } from '../../protocol/address.ts';
import type { ProbePlan } from '../../protocol/plan.ts';
import { loadPackage, type Wanted } from '../packages.ts';
import { askAddresses } from './address.ts';
import { verdict, type Answer, type ProbeContext } from './answer.ts';

type SqlProbe = Extract<ProbePlan, { probe: 'sql' }>;

const KEEP_ALIVE_MS = 10_000;

export const PG: Wanted = { name: 'pg', by: 'speaking to PostgreSQL' };

/** Passes when a query works and its first value, if it has columns at all, is true or a number above 0. */
export function askSql(probe: SqlProbe, ctx: ProbeContext): Promise<Answer> {
  return askAddresses(probe, ctx, 'postgres', async (target, signal) => {
    const subject = `sql ${addressText(target)}: ${probe.query}`;
    const results = await query(target.url.href, probe.query, ctx.root, signal);
    const { fields, rows } = results.at(-1) ?? { fields: [], rows: [] };
    if (fields.length === 0) return { ok: true, fields: {}, answer: `${subject}: done` };
    const [row] = rows;
    if (row === undefined) return { ok: false, fields: {}, answer: `${subject}: no row` };
    // Not a generation: `select 1` and `select count(*)` are numbers too, and mean none.
    const { ok, answer } = verdict(subject, asNumber(row[0], fields[0]?.dataTypeID));
    return { ok, fields: {}, answer };
  });
}

/** Runs SQL on a connection of its own; more than one statement give more than one result. */
export function query(url: string, text: string, root: string, signal: AbortSignal): Promise<Results> {
  return session(url, root, signal, (ask) => ask(text));
}

/** What statements gave, one result each. */
export type Results = readonly pg.QueryArrayResult[];

/** Runs SQL on an open connection. */
export type Ask = (text: string) => Promise<Results>;

/** One connection for as long as `use` runs, which hears of its end. It is cut when `signal` aborts. */
export async function session<T>(
  url: string,
  root: string,
  signal: AbortSignal,
  use: (ask: Ask, closed: Promise<void>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const { Client } = loadPackage(PG, root) as typeof pg;
  // A socket of our own can be ended in every state of the connection, unlike the client.
  const socket = new Socket();
  const end = (): void => void socket.destroy();
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  signal.addEventListener('abort', end, { once: true });
  const client = new Client({
    connectionString: url,
    stream: () => socket,
    // Networks forget connections on which nothing is said, and tell neither side.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(async (text) => {
      const result = (await client.query({ text, rowMode: 'array' })) as pg.QueryArrayResult | pg.QueryArrayResult[];
      return Array.isArray(result) ? result : [result];
    }, closed);
  } finally {
    signal.removeEventListener('abort', end);
    socket.destroy();
  }
}

const BIGINT = 20;
const NUMERIC = 1700;

/** Numbers that JavaScript may not hold exactly come as text. */
function asNumber(value: unknown, type: number | undefined): unknown {
  return type === BIGINT || type === NUMERIC ? Number(value) : value;
}
