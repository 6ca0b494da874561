/** Directories with migrations, and PostgreSQL resources that are made from them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBinaries } from '../../src/resources/postgres/binaries.ts';
import { postgres, type PostgresOptions } from '../../src/resources/postgres/index.ts';
import { projectDir, startResource, type Given } from './resources.ts';

const MIGRATIONS = {
  'migrations/001_users.sql': 'create table users (id serial primary key, name text not null);\n',
  'migrations/002_orders.sql': 'create table orders (id serial primary key, "user" int references users);\n',
  'seeds/users.sql': `insert into users (name) values ('Ann'), ('Bob');\n`,
};

export const MIGRATED: PostgresOptions = { migrate: 'migrations/*.sql', seed: 'seeds/*.sql' };

type Postgres = Awaited<ReturnType<typeof startPostgres>>;

export interface SqlProject {
  readonly root: string;
  /** The directory of all kept data directories. */
  readonly kept: string;
  write(path: string, text: string): void;
  /** Starts a PostgreSQL of this project, each with a name, and so a log, of its own. */
  start(options?: PostgresOptions, given?: Given): Promise<Postgres>;
}

/** A project with these files, and with a cache of its own unless it shares another's. */
export function sqlProject(files: Readonly<Record<string, string>> = MIGRATIONS, cacheHome?: string): SqlProject {
  const root = projectDir();
  const cache = cacheHome ?? join(root, 'cache');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  let started = 0;
  return {
    root,
    kept: join(cache, 'greenroom', 'postgres'),
    write,
    start: (options = MIGRATED, given = {}) => {
      started += 1;
      return startPostgres(options, { root, name: `pg${started}`, env: { XDG_CACHE_HOME: cache }, ...given });
    },
  };
}

async function startPostgres(options: PostgresOptions, given: Given) {
  const started = await startResource(postgres(options), given);
  const url = started.endpoint?.url ?? '';
  return { ...started, url, log: () => readFileSync(started.logFile, 'utf8') };
}

/** What `initdb` writes to the log. */
export const INITDB = 'running bootstrap script';

/** What is in a directory; nothing when it is not there. */
export function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** The server of the npm package, and the system's where it is installed, as it is in CI. */
export function servers(): readonly ('embedded' | 'system')[] {
  try {
    findBinaries('db', 'system', import.meta.dirname, { PATH: process.env['PATH'] ?? '' });
    return ['embedded', 'system'];
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return ['embedded'];
  }
}
