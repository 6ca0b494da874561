/** `greenroom/redis`: a Redis server. */
import {
  defineResource,
  type CommonOptions,
  type HealthOptions,
  type Resource,
  type SliceOptions,
  type TcpGatewayOptions,
} from '../define.ts';

/**
 * A slice is a server of its own; of a server that was there already, one of its databases, which is emptied before
 * and after.
 */
export interface RedisOptions extends CommonOptions, SliceOptions, TcpGatewayOptions, HealthOptions<RedisEndpoint> {
  /** A server that is there already: it is used, never stopped. Without it, `redis-server` is started. */
  readonly url?: string;
}

export type RedisEndpoint = {
  readonly host: string;
  readonly port: number;
  /** With the index of the database, where that is not 0. */
  readonly url: string;
  /** Index of the database. */
  readonly database: number;
};

export function redis(options: RedisOptions = {}): Resource<RedisEndpoint> {
  return defineResource<RedisEndpoint>('redis', { ...options });
}
