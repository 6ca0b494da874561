/** A PostgreSQL that was there before Greenroom, and that others use, too. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgres, type PostgresOptions } from '../../src/resources/postgres/index.ts';
import { MIGRATION } from './database-project.ts';
import { eventually, Project } from './project.ts';
import { startResource } from './resources.ts';
import { ask, databaseOn } from './sql.ts';

export interface SharedServer {
  /** Of a superuser, at the database `theirs`. */
  readonly url: string;
  /** The url of somebody else. */
  as(role: string, password?: string): string;
  /** The first value of a query at `postgres`. */
  ask(text: string): Promise<unknown>;
  /** Names of databases that are ours by their pattern. */
  ours(): Promise<readonly string[]>;
  /** Waits until none of them is left. */
  nothingOfOurs(): Promise<void>;
}

/** Starts one for the test, with a database and a role that are nobody's of us. */
export async function sharedServer(options: PostgresOptions = {}): Promise<SharedServer> {
  const { endpoint } = await startResource(postgres(options), { name: 'server' });
  const main = endpoint?.url ?? '';
  const askMain = (text: string): Promise<unknown> => ask(main, text);
  await askMain('create database theirs');
  const url = databaseOn(main, 'theirs');
  await ask(url, 'create table things as select generate_series(1, 2) as id');
  const ours = async (): Promise<readonly string[]> =>
    String(await askMain(`select coalesce(string_agg(datname, ' '), '') from pg_database where datname like 'gr\\_%'`))
      .split(' ')
      .filter((name) => name !== '');
  return {
    url,
    ask: askMain,
    ours,
    as(role, password = role) {
      const other = new URL(url);
      other.username = role;
      other.password = password;
      return other.href;
    },
    async nothingOfOurs() {
      await eventually(async () => ((await ours()).length === 0 ? true : undefined), 'our databases to be gone');
    },
  };
}

/** A project of which each worker has a database on that server. Others of the same `key` are as if on other machines. */
export function guestProject(url: string, { top = '', more = '', migration = MIGRATION } = {}): Project {
  const project = new Project(`
    const db = postgres({ url: '${url}', migrate: 'migrations/*.sql', slice: 'worker', ${more} });
    export default defineConfig({ resources: { db }, linger: 0, ${top} });`);
  mkdirSync(join(project.dir, 'migrations'));
  writeFileSync(join(project.dir, 'migrations', '1.sql'), migration);
  return project;
}
