import { join } from 'node:path';
import type { Driver, ManagedProcess, ResourceContext } from '../driver.ts';
import { resolvePackage } from '../packages.ts';
import { IOREDIS } from '../probes/redis.ts';
import { requireProgram } from '../programs.ts';
import { adoptServer } from './adopted.ts';
import type { RedisEndpoint } from './index.ts';
import { offerIndexes } from './indexes.ts';
import type { RedisPlan } from './options.ts';
import { offerServers } from './own-servers.ts';
import { PROGRAM, startServer } from './server.ts';

const HINT = 'install Redis (apt install redis-server, brew install redis), or adopt a server with `url`';

/** Starts a Redis server of its own without persistence, or adopts one. */
export const redisDriver: Driver = {
  async preflight(name, plan, root, env) {
    resolvePackage(IOREDIS, root);
    if ((plan.options as RedisPlan).url === undefined) requireProgram(name, PROGRAM, root, env['PATH'] ?? '', HINT);
  },
  async start(ctx) {
    const { url } = ctx.plan.options as RedisPlan;
    if (url === undefined) return startOwn(ctx);
    const endpoint = await adoptServer(ctx, new URL(url));
    if (ctx.plan.slice !== undefined) await offerIndexes(ctx, endpoint);
    return endpoint;
  },
};

async function startOwn(ctx: ResourceContext): Promise<RedisEndpoint> {
  const directory = await ctx.tempDir(ctx.name);
  const place = { label: ctx.name, directory: join(directory, ctx.name) };
  const { endpoint, process } = await startServer(ctx, { ...place, signal: ctx.signal });
  const care = (now: ManagedProcess): void => {
    ctx.guard(now);
    ctx.care({
      endpoint,
      probe: { probe: 'redis' },
      // Empty: it saves nothing.
      restart: async (signal) => {
        await now.stop();
        care((await startServer(ctx, { ...place, signal, port: endpoint.port })).process);
        return endpoint;
      },
    });
  };
  care(process);
  if (ctx.plan.slice !== undefined) offerServers(ctx, directory);
  return endpoint;
}
