import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, redisServer } from '../../support/redis.ts';
import { NEWEST, vitestProject, type VitestProject } from '../../support/vitest-project.ts';

const config = (options: string): string => `
import { defineConfig } from 'greenroom';
import { redis } from 'greenroom/redis';
const cache = redis({ slice: 'worker'${options} });
const draft = redis({ slice: 'file'${options} });
const scratch = redis({ slice: 'test'${options} });
export default defineConfig({ resources: { cache, draft, scratch }, workers: 3, linger: 0 });
`;

/** Notes what it was given, and fails when something of another is in what is meant to be its own. */
const spec = (clear: string): string => `
import { appendFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { test } from 'greenroom/vitest';
import { afterAll, expect } from 'vitest';
const { GREENROOM_CACHE_URL: cacheUrl, GREENROOM_DRAFT_URL: draftUrl } = process.env;
const note = (what) => appendFileSync(new URL('../seen', import.meta.url), JSON.stringify(what) + '\\n');
const [cache, draft] = [new Redis(cacheUrl), new Redis(draftUrl)];
afterAll(() => [cache, draft].forEach((client) => client.disconnect()));
await cache.${clear}();
await cache.set('owner', import.meta.url);
for (const number of [1, 2]) {
  test('has data of its own: ' + number, async ({ scratch }) => {
    expect(scratch.url).toBe(process.env.GREENROOM_SCRATCH_URL);
    note([cacheUrl, draftUrl, scratch.url]);
    const client = new Redis(scratch.url);
    expect(await client.dbsize()).toBe(0);
    await client.set('used', 1);
    client.disconnect();
    expect(await draft.incr('specs')).toBe(number);
    expect(await cache.get('owner')).toBe(import.meta.url);
  });
}
`;

const filesOf = (options: string, clear: string): Record<string, string> => ({
  'greenroom.config.ts': config(options),
  'specs/endpoints.test.ts': spec(clear),
  'specs/gate.test.ts': spec(clear),
  'specs/member.test.ts': spec(clear),
});

const seenIn = ({ dir }: VitestProject): readonly (readonly string[])[] =>
  readFileSync(join(dir, 'seen'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);

test.each(NEWEST)('workers, files and specs have a Redis server of their own (Vitest %i)', async (major) => {
  await using project = vitestProject(filesOf('', 'flushall'), { major, packages: ['ioredis'] });
  const { exitCode, output } = await project.vitest('run');
  expect(exitCode, output).toBe(0);
  const seen = seenIn(project);
  expect(seen).toHaveLength(6);
  // Three servers of workers, three of files, six of specs, and none of them twice.
  expect(new Set(seen.flat()).size).toBe(3 + 3 + 6);
  await project.nothingLeft();
  for (const url of new Set(seen.flat()))
    await expect(ask(url, (client) => client.ping())).rejects.toThrow(/Connection|ECONNREFUSED/);
});

test.each(NEWEST)('or a database of a server that was there before (Vitest %i)', async (major) => {
  await using server = await redisServer();
  const files = filesOf(`, url: '${server.url}'`, 'flushdb');
  await using project = vitestProject(files, { major, packages: ['ioredis'] });
  const { exitCode, output } = await project.vitest('run');
  expect(exitCode, output).toBe(0);
  for (const urls of seenIn(project)) expect(new Set(urls).size, 'none is two things at once').toBe(3);
  await project.nothingLeft();
  expect(await server.keys()).toEqual({});
});
