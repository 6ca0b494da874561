import type { Redis } from 'ioredis';
import { describeError, toFailure, type Failure } from '../../protocol/failure.ts';
import type { ResourceContext } from '../driver.ts';
import { withRedis } from '../probes/redis.ts';
import type { RedisEndpoint } from './index.ts';
import { MARK_MS, markedBy, markOne, removeMark, renewMark } from './marks.ts';

/** How often marks are renewed: two may fail. */
const RENEW_MS = MARK_MS / 3;

/** A database of the server that is a slice's. */
interface Leased {
  readonly index: number;
  readonly lost: (failure: Failure) => void;
  /** When it was renewed, as the clock on the wall says: that goes on while the machine sleeps. */
  since: number;
}

/**
 * Each slice is a database of a server that was there before. Databases that no coordinator has leased are emptied
 * when one is handed out; 0, and the one that the whole is, never are.
 *
 * @throws GreenroomError SLICE_FAILED when there are fewer than the config has workers
 */
export async function offerIndexes(ctx: ResourceContext, whole: RedisEndpoint): Promise<void> {
  const indexes = await usable(ctx, whole);
  const server = new LeasedIndexes(ctx, whole, indexes);
  const timer = setInterval(() => void server.renew(), RENEW_MS);
  ctx.defer(`marks of ${ctx.name}`, () => clearInterval(timer));
  ctx.offerSlices(server);
}

async function usable(ctx: ResourceContext, whole: RedisEndpoint): Promise<readonly number[]> {
  const { workers = 1 } = ctx;
  const count = await databases(ctx, whole);
  const indexes = Array.from({ length: count }, (_, index) => index).filter(
    (index) => index !== 0 && index !== whole.database,
  );
  if (indexes.length >= workers) return indexes;
  throw ctx.error(
    'SLICE_FAILED',
    `${workers} workers need a database of ${ctx.name} each, but ${addressOf(whole)} has ${count}, of which ${indexes.length} can be leased`,
    `raise \`databases\` of that server to ${workers + count - indexes.length}, lower \`workers\`, or leave \`url\` out`,
  );
}

async function databases(ctx: ResourceContext, whole: RedisEndpoint): Promise<number> {
  try {
    const [, count] = await at(ctx, whole, 0, (client) => client.config('GET', 'databases'));
    return Number(count);
  } catch (error) {
    throw ctx.error(
      'SLICE_FAILED',
      `${addressOf(whole)} does not say how many databases ${ctx.name} may lease: CONFIG GET databases: ${describeError(error)}`,
      'allow that command, or leave `slice` or `url` out',
    );
  }
}

const addressOf = ({ host, port }: RedisEndpoint): string => `the server at ${host}:${port}`;

function urlOf(whole: RedisEndpoint, index: number): string {
  const url = new URL(whole.url);
  url.pathname = `/${index}`;
  return url.href;
}

/** A connection at a database, for as long as the act takes. Not the start's signal: marks are removed after it. */
function at<T>(ctx: ResourceContext, whole: RedisEndpoint, index: number, act: (client: Redis) => Promise<T>) {
  return withRedis(urlOf(whole, index), ctx.root, AbortSignal.timeout(ctx.plan.startTimeout), act);
}

class LeasedIndexes {
  private readonly ctx: ResourceContext;
  private readonly whole: RedisEndpoint;
  private readonly indexes: readonly number[];
  private readonly leased = new Map<string, Leased>();

  constructor(ctx: ResourceContext, whole: RedisEndpoint, indexes: readonly number[]) {
    this.ctx = ctx;
    this.whole = whole;
    this.indexes = indexes;
  }

  /** @throws GreenroomError SLICE_FAILED when all are leased */
  make(name: string, _slot: number, lost: Leased['lost']): Promise<RedisEndpoint> {
    const { ctx, whole, indexes } = this;
    return at(ctx, whole, 0, async (client) => {
      const index = await markOne(client, indexes, name);
      if (index === undefined) throw this.exhausted(await markedBy(client, indexes));
      this.leased.set(name, { index, lost, since: Date.now() });
      await client.select(index);
      await client.flushdb();
      return { ...whole, url: urlOf(whole, index), database: index };
    });
  }

  /** Whoever is still at it is sent away first: what it had sent already would be carried out after the FLUSHDB. */
  async drop(name: string): Promise<void> {
    const lease = this.leased.get(name);
    this.leased.delete(name);
    if (lease === undefined) return;
    const { index, since } = lease;
    await at(this.ctx, this.whole, 0, async (client) => {
      if (!(await renewMark(client, index, name, since))) return;
      for (const id of await clientsAt(client, index)) await client.client('KILL', 'ID', id);
      await client.select(index);
      await client.flushdb();
      await client.select(0);
      await removeMark(client, index, name);
    });
  }

  /** Never rejects: a server that does not answer now may do so before the marks have expired. */
  async renew(): Promise<void> {
    const { ctx, whole, leased } = this;
    if (leased.size === 0) return;
    try {
      await at(ctx, whole, 0, async (client) => {
        for (const [name, lease] of leased) {
          if (await renewMark(client, lease.index, name, lease.since)) lease.since = Date.now();
          else if (leased.has(name)) lease.lost(this.taken(lease.index));
        }
      });
    } catch (error) {
      ctx.note(`the databases at ${addressOf(whole)} were not renewed: ${describeError(error)}`);
    }
  }

  private taken(index: number): Failure {
    const message = `database ${index} of ${addressOf(this.whole)} is not ${this.ctx.name}'s any more: its mark was not renewed for ${MARK_MS} ms, or somebody else has set it`;
    return toFailure(this.ctx.error('RESOURCE_LOST', message), 'RESOURCE_LOST');
  }

  private exhausted(owners: readonly string[]): Error {
    const { ctx, whole, indexes } = this;
    const ours = owners.filter((owner) => owner.includes(`_${ctx.generation}_${ctx.nonce}_`)).length;
    return ctx.error(
      'SLICE_FAILED',
      `all ${indexes.length} databases of ${addressOf(whole)} that ${ctx.name} may lease are taken: ${ours} by this run, ${owners.length - ours} by others`,
      'raise `databases` of that server, run fewer workers at a time, or leave `url` out',
    );
  }
}

async function clientsAt(client: Redis, index: number): Promise<readonly string[]> {
  const list = String(await client.client('LIST'));
  return [...list.matchAll(/^id=(\d+) .*? db=(\d+) /gm)].flatMap(([, id = '', db]) =>
    Number(db) === index ? [id] : [],
  );
}
