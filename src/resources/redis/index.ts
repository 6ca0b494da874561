/** `greenroom/redis`: a Redis server. */
import { defineResource, type CommonOptions, type Resource } from '../define.ts';

export interface RedisOptions extends CommonOptions {
  /** A server that is there already: it is used, never stopped. Without it, `redis-server` is started. */
  readonly url?: string;
}

export type RedisEndpoint = { readonly host: string; readonly port: number; readonly url: string };

export function redis(options: RedisOptions = {}): Resource<RedisEndpoint> {
  return defineResource<RedisEndpoint>('redis', { ...options });
}
