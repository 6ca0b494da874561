import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinaries } from '../../../../src/resources/postgres/binaries.ts';
import { projectDir } from '../../../support/resources.ts';

function putPrograms(dir: string): void {
  mkdirSync(dir, { recursive: true });
  for (const program of ['initdb', 'postgres']) writeFileSync(join(dir, program), '', { mode: 0o755 });
}

test('a directory may be the one of the programs, or the one above', () => {
  const root = projectDir();
  putPrograms(join(root, 'pg', 'bin'));
  const expected = { home: join(root, 'pg'), bin: join(root, 'pg', 'bin'), missingLinks: [] };
  expect(findBinaries('db', 'pg/bin', root, {})).toEqual(expected);
  expect(findBinaries('db', 'pg', root, {})).toEqual(expected);
});

test('a directory without both programs is told', () => {
  const root = projectDir();
  expect(() => findBinaries('db', 'pg', root, {})).toThrow(
    expect.objectContaining({
      code: 'BINARY_NOT_FOUND',
      message: `db has \`binaries\` ${join(root, 'pg')}, which has no initdb and postgres`,
    }),
  );
});

test('the system’s programs are those on the PATH first', () => {
  const root = projectDir();
  putPrograms(join(root, 'bin'));
  expect(findBinaries('db', 'system', root, { PATH: join(root, 'bin') }).bin).toBe(join(root, 'bin'));
});

test('the embedded programs come with their package', () => {
  const { bin, home, missingLinks } = findBinaries('db', 'embedded', projectDir(), {});
  expect({ bin, missingLinks }).toEqual({ bin: join(home, 'bin'), missingLinks: [] });
});
