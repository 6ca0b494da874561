import type * as ioredis from 'ioredis';
import { addressText } from '../../protocol/address.ts';
import type { ProbePlan } from '../../protocol/plan.ts';
import { loadPackage, type Wanted } from '../packages.ts';
import { askAddresses } from './address.ts';
import type { Answer, ProbeContext } from './answer.ts';

type RedisProbe = Extract<ProbePlan, { probe: 'redis' }>;

export const IOREDIS: Wanted = { name: 'ioredis', by: 'speaking to Redis' };

/** Passes when the server answers PING. */
export function askRedis(probe: RedisProbe, ctx: ProbeContext): Promise<Answer> {
  return askAddresses(probe, ctx, 'redis', async (target, signal) => {
    const said = await withRedis(target.url.href, ctx.root, signal, (client) => client.ping());
    return { ok: true, fields: {}, answer: `redis ${addressText(target)}: ${said}` };
  });
}

/** Gives a connection that never tries again and is gone afterwards. */
export async function withRedis<T>(
  url: string,
  root: string,
  signal: AbortSignal,
  act: (client: ioredis.Redis) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const { Redis } = loadPackage(IOREDIS, root) as typeof ioredis;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  // `connect` rejects with "Connection is closed."; the reason comes as an event.
  let reason: unknown;
  client.on('error', (error) => {
    reason = error;
  });
  const end = (): void => client.disconnect();
  signal.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
    return await act(client);
  } catch (error) {
    throw reason ?? error;
  } finally {
    signal.removeEventListener('abort', end);
    client.disconnect();
  }
}
