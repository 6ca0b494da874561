import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { vitestProject } from '../../support/vitest-project.ts';

/** Says which `baggage` it was sent. */
const SERVER = `
import { createServer } from 'node:http';
createServer((request, response) => response.end(request.headers.baggage ?? 'none'))
  .listen(Number(process.env.PORT ), '127.0.0.1');
`;

const CONFIG = `
import { command, defineConfig, http } from 'greenroom';
const api = command({ run: ['node', 'server.mjs'], ready: http('/') });
export default defineConfig({ resources: { api }, env: ({ api }) => ({ API_URL: api.url }), linger: 0 });
`;

/** Each line of `said`: what, the id of the spec, slot, and the header that a server saw. */
const SPEC = `
import { appendFileSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from 'node:http';
import { baggage } from 'greenroom/vitest';
import { beforeAll, beforeEach, expect, test } from 'vitest';

const url = process.env.API_URL;
const slot = process.env.GREENROOM_SLOT;
const said = (what, id, header) => appendFileSync('said', JSON.stringify({ what, id, slot, header }) + '\\n');
const ask = async (at, headers = {}) => (await fetch(at, { headers })).text();
const askNode = (options) => new Promise((resolve, reject) => {
  get(url, options, (response) => resolve(text(response))).on('error', reject);
});

said('module', null, await ask(url));
beforeAll(async () => said('beforeAll', null, await ask(url)));
beforeEach(async ({ task }) => said('beforeEach', task.id, await ask(url)));
const withFixture = test.extend({ asked: async ({ task }, use) => use(await ask(url)) });
withFixture('in a fixture', ({ asked, task }) => said('fixture', task.id, asked));

test.concurrent.for([1, 2, 3, 4])('at the same time %i', async (n, { task }) => {
  for (let time = 0; time < 5; time += 1) {
    said('fetch', task.id, await ask(url));
    said('localhost', task.id, await ask(url.replace('127.0.0.1', 'localhost')));
    said('node', task.id, await askNode({}));
    said('helper', task.id, baggage());
    await pause(n);
  }
});
test('with others’ baggage', async ({ task }) => {
  said('merged', task.id, await ask(url, { Baggage: 'a=b' }));
  said('merged', task.id, await askNode({ headers: { Baggage: 'a=b' } }));
  said('merged', task.id, baggage('a=b'));
  expect(await ask(url, { baggage: 'greenroom=99.other' })).toBe('greenroom=99.other');
});
test('a stranger is told nothing', async () => {
  const stranger = createServer((request, response) => response.end(request.headers.baggage ?? 'none'));
  await new Promise((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  expect(await ask('http://127.0.0.1:' + stranger.address().port)).toBe('none');
  stranger.closeAllConnections();
  await new Promise((resolve) => stranger.close(resolve));
});
`;

interface Said {
  readonly what: string;
  readonly id: string | null;
  readonly slot: string;
  readonly header: string;
}

test.each([
  [4, 'one thread for all files', ['--pool=threads', '--no-isolate', '--maxWorkers=1']],
  [5, 'one thread for all files', ['--pool=threads', '--no-isolate', '--maxWorkers=1']],
  [5, 'forks', ['--pool=forks']],
  [5, 'contexts', ['--pool=vmThreads']],
] as const)('a request says whose it is: Vitest %i, %s', async (major, _, args) => {
  await using project = vitestProject(
    {
      'greenroom.config.ts': CONFIG,
      'server.mjs': SERVER,
      'specs/endpoints.test.ts': SPEC,
      'specs/gate.test.ts': SPEC,
      'specs/member.test.ts': SPEC,
      'global-setup.ts': 'export const setup = () => {};',
    },
    { major },
  );
  const { exitCode, output } = await project.vitest('run', ...args);
  expect(exitCode, output).toBe(0);
  const lines = readFileSync(join(project.dir, 'said'), 'utf8').trim().split('\n');
  const said = lines.map((line) => JSON.parse(line) as Said);
  expect(said).toHaveLength(3 * (2 + 7 + 1 + 4 * 20 + 3));
  for (const { what, id, slot, header } of said) {
    const own = `greenroom=${slot}${id === null ? '' : `.${id}`}`;
    expect(header, `${what} of ${id}`).toBe(what === 'merged' ? `a=b,${own}` : own);
  }
  expect(new Set(said.map(({ id }) => id)).size).toBe(3 * 7 + 1);
});
