import { expect, test } from 'vitest';
import { problemsOf } from '../../../../src/config/problems.ts';
import { postgresOptions } from '../../../../src/resources/postgres/options.ts';

const problem = (options: object): string | undefined => {
  const [first] = problemsOf(postgresOptions, options);
  return first && `${first.path.join('.')}: ${first.text}`;
};

test('migrations are globs, a command whose change can be seen, or a function', () => {
  for (const migrate of [
    'a.sql',
    ['a.sql', 'b/*.sql'],
    () => 0,
    { run: ['x'], files: 'a' },
    { run: ['x'], version: 2 },
  ]) {
    expect(problem({ migrate, seed: migrate })).toBeUndefined();
  }
  expect(problem({ migrate: 1 })).toBe(
    'migrate: expected globs of SQL files, a function, or a command, `{ run, files }`, got 1',
  );
  expect(problem({ migrate: { run: ['x'] } })).toMatch(
    /^migrate.files: expected globs of the files it reads, or `version`/,
  );
  for (const migrate of ['', [], { run: [], files: 'a' }, { files: 'a' }])
    expect(problem({ migrate })).toMatch(/^migrate/);
});

test('what does not go together is told', () => {
  const url = 'postgres://127.0.0.1/app';
  expect(problem({ url })).toBeUndefined();
  for (const others of [{ binaries: 'system' }, { tmpfs: 'auto' }, { settings: {} }, { database: 'b' }]) {
    expect(problem({ url, ...others })).toContain(
      'url: expected no `binaries`, `database`, `settings`, `tmpfs`, `keepOnFailure`, `reset` beside it',
    );
  }
  expect(problem({ url, migrate: 'a.sql', seed: 'b.sql', extensions: ['citext'], salt: '1' })).toBeUndefined();
  expect(problem({ database: 'postgres', tmpfs: 'require', extensions: [] })).toBeUndefined();
  for (const template of [{ migrate: 'a.sql' }, { seed: 'a.sql' }, { extensions: ['citext'] }]) {
    expect(problem({ database: 'postgres', ...template })).toContain('database: expected a name other than `postgres`');
  }
  expect(problem({ tmpfs: true })).toContain("tmpfs: expected 'auto', 'require' or false");
});
