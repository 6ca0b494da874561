import { adopt } from '../adopt.ts';
import type { ResourceContext } from '../driver.ts';
import type { RedisEndpoint } from './index.ts';

/** Takes a server that was there before. @throws GreenroomError ADOPT_FAILED */
export async function adoptServer(ctx: ResourceContext, url: URL): Promise<RedisEndpoint> {
  const database = Number(url.pathname.slice(1)) || 0;
  const endpoint = { host: url.hostname, port: Number(url.port || 6379), url: url.href, database };
  return { ...endpoint, ...(await adopt(ctx, { probe: 'redis' }, endpoint)) };
}
