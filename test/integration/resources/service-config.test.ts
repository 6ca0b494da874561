import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { command, type Address, type ServiceOptions } from '../../../src/resources/command/index.ts';
import { defineResource, type Needs } from '../../../src/resources/define.ts';
import { http } from '../../../src/resources/probes/define.ts';
import { serviceOptions } from '../../../src/resources/command/options.ts';
import { projectDir, startResource } from '../../support/resources.ts';

const db = defineResource<Address & { readonly password: string }>('postgres', {});
const needs = {
  db: { host: '127.0.0.1', port: 5432, url: 'postgres://app:hunter22@127.0.0.1:5432/app', password: 'hunter22' },
};

/** Has the keys of `config.json` where it runs, before those of the file it is given, before its environment. */
const SERVE = `
  const { existsSync, readFileSync } = require('node:fs');
  const read = (file) => (file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
  const config = {
    ...(process.env.DB_URL && { 'db.url': process.env.DB_URL }),
    ...read(process.argv[1]),
    ...read('config.json'),
    file: process.argv[1],
  };
  let asked = 0;
  require('node:http')
    .createServer((request, response) => {
      if (request.url === '/late' && (asked += 1) < 3) response.statusCode = 503;
      response.end(request.url === '/text' ? 'no json' : JSON.stringify(config));
    })
    .listen(process.env.PORT, '127.0.0.1');`;

const api = <N extends Needs>(options: Partial<ServiceOptions<N, never>> & { readonly needs: N }) =>
  command({ run: [process.execPath, '-e', SERVE, '{files}/conf.d/app.json'], ...options });

const configOf = async (url: string): Promise<Record<string, string>> =>
  (await (await fetch(url)).json()) as Record<string, string>;

test('files are rendered with endpoints and the own port, private, and removed with the resource', async () => {
  const { endpoint, stop } = await startResource(
    api({
      needs: { db },
      env: (_, { files }) => ({ CONFIG: `${files}/conf.d/app.json` }),
      files: {
        'conf.d/app.json': ({ db: { url } }, { port }) => ({ 'db.url': url, port }),
        'plain.txt': 'as it is',
      },
      effective: {
        from: http('/late'),
        wants: ({ db: { url } }, { port }) => ({ db: { url }, port }),
      },
    }),
    { needs },
  );
  const { file = '', ...values } = await configOf(endpoint!.url);
  expect(values).toEqual({ 'db.url': needs.db.url, port: endpoint!.port });
  const modes = [dirname(dirname(file)), dirname(file), file].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o700, 0o700, 0o600]);
  await stop();
  expect(existsSync(dirname(dirname(file)))).toBe(false);
});

test('each key that a file of the project wins is told with the file, without the secrets, and nothing is published', async () => {
  const root = projectDir();
  mkdirSync(join(root, 'service'));
  const own = { 'db.url': 'postgres://app:other@10.0.0.1:5432/app', 'db.password': 'other-secret', mode: 'live' };
  writeFileSync(join(root, 'service/config.json'), JSON.stringify(own, null, 2));
  const { endpoint, failure } = await startResource(
    api({
      needs: { db },
      cwd: 'service',
      env: ({ db: { url } }) => ({ DB_URL: url }),
      effective: {
        from: http('/'),
        wants: (given) => ({ db: { url: given.db.url, password: given.db.password }, mode: 'test', cache: 'on' }),
      },
    }),
    { needs, root },
  );
  expect(endpoint).toBeUndefined();
  expect(failure).toMatchObject({
    code: 'CONFIG_OVERRIDDEN',
    hint: 'take these keys out of service/config.json, or have it rendered: `files` of the resource',
  });
  expect(failure?.message.split('\n')).toEqual([
    'subject runs with other values than wanted for 4 keys of its configuration:',
    'CONFIG_OVERRIDDEN key=db.url from=service/config.json:2 wants=postgres://app:***@127.0.0.1:5432/app has=postgres://app:***@10.0.0.1:5432/app',
    'CONFIG_OVERRIDDEN key=db.password from=service/config.json:3 wants=*** has=*** (another one)',
    'CONFIG_OVERRIDDEN key=mode from=service/config.json:4 wants=test has=live',
    'CONFIG_OVERRIDDEN key=cache wants=on has=(nothing)',
  ]);
});

test('an environment that wins over a rendered file is told by its name', async () => {
  const script = SERVE.replace('...read(process.argv[1]),', "'db.url': process.env.DB_URL,");
  const { failure } = await startResource(
    command({
      run: [process.execPath, '-e', script, '{files}/app.json'],
      needs: { db },
      env: { DB_URL: 'postgres://left-over' },
      files: { 'app.json': ({ db: { url } }) => ({ 'db.url': url }) },
      effective: {
        from: async ({ url }) => (await (await fetch(url)).json()) as Record<string, string>,
        wants: ({ db: { url } }) => ({ 'db.url': url }),
      },
    }),
    { needs },
  );
  expect(failure?.message).toContain('key=db.url from=env:DB_URL wants=postgres://app:***@127.0.0.1:5432/app');
  expect(failure?.hint).toBe('DB_URL in its environment wins: change it in `env`');
});

test('a rendered file that says something else than is wanted is told as what it is', async () => {
  const effective = { from: http('/'), wants: { mode: 'test' } };
  const { failure } = await startResource(
    api({ needs: {}, files: { 'conf.d/app.json': { mode: 'live' } }, effective }),
  );
  expect(failure?.message).toContain('key=mode from={files}/conf.d/app.json:2 wants=test has=live');
  expect(failure?.hint).toContain('is rendered with another value');
});

test('a configuration that cannot be read is told', async () => {
  const { failure } = await startResource(api({ needs: {}, effective: { from: http('/text'), wants: { a: 1 } } }));
  expect(failure).toMatchObject({
    code: 'RESOURCE_START_FAILED',
    message: expect.stringContaining('the configuration of subject cannot be read: GET /text is answered with no JSON'),
  });
});

test('a job has files, too; what a function gives that is no content is told', async () => {
  const script = `process.exit(require('node:fs').readFileSync(process.argv[1], 'utf8') === 'url=postgres' ? 0 : 1)`;
  const run = [process.execPath, '-e', script, '{files}/job.env'];
  const ended = await startResource(command({ kind: 'job', run, files: { 'job.env': () => 'url=postgres' } }));
  expect(ended.failure).toBeUndefined();
  const { failure } = await startResource(command({ kind: 'job', run, files: { 'job.env': () => [1] as never } }));
  expect(failure).toMatchObject({
    code: 'FUNCTION_FAILED',
    message: 'the function of the file job.env of subject returned [1]',
  });
});

test.each(['/etc/app.yaml', '../app.yaml', 'a/../../b', ''])('%j is no path of a file', (path) => {
  const { success } = serviceOptions.safeParse({ run: ['node'], port: 'auto', files: { [path]: '' } });
  expect(success).toBe(false);
});
