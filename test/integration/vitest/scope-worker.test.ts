import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
import { command, defineConfig, dir, gate, http } from 'greenroom';
const files = dir({ slice: 'worker' });
const api = command({
  run: ['node', 'api.mjs'],
  scope: 'worker',
  needs: { files },
  env: ({ files }) => ({ FILES: files.path }),
  ready: http('/'),
});
export default defineConfig({
  resources: { files, api },
  gates: { synced: gate({ needs: { api }, probe: http('api', '/', ({ synced }) => synced) }) },
  env: ({ api }) => ({ API_URL: api.url }),
  linger: 0,
});
`;

/** Synced some time after its first answer; keeps what it is told in its directory. */
const API = `
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const log = process.env.FILES + '/log';
let synced = false;
createServer((request, response) => {
  setTimeout(() => { synced = true; }, 200);
  appendFileSync(log, request.method === 'POST' ? request.url : '');
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ pid: process.pid, synced, files: process.env.FILES, log: readFileSync(log, 'utf8') }));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** Sees nothing but what this file has said, and a service that was synced before the first spec. */
const spec = (name: string): string => `
import { appendFileSync } from 'node:fs';
import { test } from 'greenroom/vitest';
import { expect } from 'vitest';
const url = process.env.API_URL;
const first = await (await fetch(url)).json();
test('the service is this worker’s, and its gate was open before the spec', async ({ api, files }) => {
  expect(api.url).toBe(url);
  expect(first).toMatchObject({ files: files.path, log: '' });
  await fetch(url + '/${name}', { method: 'POST' });
  const { log, pid, synced } = await (await fetch(url)).json();
  expect({ log, synced }).toEqual({ log: '/${name}', synced: true });
  appendFileSync(new URL('../seen', import.meta.url), pid + '\\n');
});
`;

const SPECS = {
  'greenroom.config.ts': CONFIG,
  'api.mjs': API,
  'specs/endpoints.test.ts': spec('a'),
  'specs/gate.test.ts': spec('b'),
  'specs/member.test.ts': spec('c'),
};

const withPool = (pool: string): string => `
import greenroom from 'greenroom/vitest';
import { greenroomPool } from 'greenroom/vitest/pool';
import { defineConfig } from 'vitest/config';
export default defineConfig({ plugins: [greenroom()], test: { include: ['specs/*.test.ts'], pool: greenroomPool('${pool}') } });
`;

describe.each(NEWEST)('on Vitest %i', (major) => {
  test.each([
    ['forks', {}, ['--pool=forks']],
    ['threads', {}, ['--pool=threads']],
    ['our pool of forks', { 'vitest.config.ts': withPool('forks') }, []],
    ['our pool of vmThreads', { 'vitest.config.ts': withPool('vmThreads') }, []],
  ])('each worker has a service of its own, on its own slices, behind its own gate: %s', async (_, files, args) => {
    await using project = vitestProject({ ...SPECS, ...files }, { major });
    const { exitCode, output } = await project.vitest('run', ...args);
    expect(exitCode, output).toBe(0);
    const pids = readFileSync(join(project.dir, 'seen'), 'utf8').trim().split('\n');
    expect(new Set(pids).size).toBe(3);
    await project.nothingLeft();
  });

  test('a service that ends while a spec runs is named, and the next worker has another', async () => {
    const dies = `
      import { test } from 'vitest';
      test('asks until it cannot', async () => {
        const { pid } = await (await fetch(process.env.API_URL)).json();
        process.kill(pid, 'SIGKILL');
        const reset = (error) => { if (error.cause.code !== 'ECONNRESET') throw error; };
        for (;;) await fetch(process.env.API_URL).catch(reset);
      });
    `;
    await using project = vitestProject({ ...SPECS, 'specs/endpoints.test.ts': dies }, { major });
    const { exitCode, output } = await project.vitest('run', '--maxWorkers=1');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/1 failed.*2 passed/);
    expect(output).toMatch(/that is api, in incident I-\d+: /);
    await project.nothingLeft();
  });
});
