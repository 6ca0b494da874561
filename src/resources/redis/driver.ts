import type { Endpoint } from '../../protocol/plan.ts';
import { adopt } from '../adopt.ts';
import type { Driver, ResourceContext } from '../driver.ts';
import { resolvePackage } from '../packages.ts';
import { IOREDIS, withRedis } from '../probes/redis.ts';
import { requireProgram } from '../programs.ts';
import type { RedisPlan } from './options.ts';

const PROGRAM = 'redis-server';
const HINT = 'install Redis (apt install redis-server, brew install redis), or adopt a server with `url`';

/** Starts a Redis server of its own without persistence, or adopts one. */
export const redisDriver: Driver = {
  async preflight(name, plan, root, env) {
    resolvePackage(IOREDIS, root);
    if ((plan.options as RedisPlan).url === undefined) requireProgram(name, PROGRAM, root, env['PATH'] ?? '', HINT);
  },
  start(ctx) {
    const { url } = ctx.plan.options as RedisPlan;
    return url === undefined ? startServer(ctx) : adoptServer(ctx, new URL(url));
  },
};

function adoptServer(ctx: ResourceContext, url: URL): Promise<Endpoint> {
  const endpoint = { host: url.hostname, port: Number(url.port || 6379), url: url.href };
  return adopt(ctx, { probe: 'redis' }, endpoint);
}

async function startServer(ctx: ResourceContext): Promise<Endpoint> {
  const directory = await ctx.tempDir(ctx.name);
  const host = '127.0.0.1';
  const port = await ctx.reservePort();
  const url = `redis://${host}:${port}`;
  const server = await ctx.spawn({
    run: [PROGRAM, '--bind', host, '--port', String(port), '--dir', directory, '--save', '', '--appendonly', 'no'],
    cwd: directory,
    // It has nothing to save, and its answer to SIGTERM takes 100 ms.
    stopSignal: 'SIGKILL',
    deathSignal: 'SIGKILL',
  });
  await ctx.untilPasses({ probe: 'redis' }, { host, port, url });
  const info = await withRedis(url, ctx.root, ctx.signal, (client) => client.info('server'));
  const pid = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
  if (pid === server.pid) return { host, port, url };
  throw ctx.error(
    'PORT_TAKEN',
    `another Redis server (pid ${pid}) answers on port ${port}, which ${ctx.name} was given`,
  );
}
