import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundlesIn } from '../../support/bundle.ts';
import { cliProject, UNTIL_LOST, type CliProject } from '../../support/cli-project.ts';

const SHORT = `custom({ start: () => ({ url: 'a://b' }), flush: () => ({ accepted: 100, stored: 96 }) })`;

function configOf(resources: string, more = ''): string {
  return `import { command, custom, defineConfig, http } from 'greenroom';
    ${more}
    export default defineConfig({ resources: { ${resources} }, linger: 0 });`;
}

/** What became of each flush, in order. */
function flushes(project: CliProject): readonly unknown[] {
  const events = project.generations().flat();
  return events.flatMap((event) =>
    event.kind === 'flushed' ? [[event.resource, event.accepted, event.stored, event.failure?.code]] : [],
  );
}

test('what each flush comes to: stored, short, nothing to say, thrown, nonsense, and none in time', async () => {
  await using project = cliProject({
    'greenroom.config.ts': configOf(
      `base: custom({ start: () => ({}), flush: () => ({ accepted: 7, stored: 7 }) }),
       short, silent, throws, nonsense, late, twice`,
      `const start = () => ({});
       const short = custom({ start, flush: () => ({ accepted: 100, stored: 96 }) });
       const silent = custom({ start, needs: { short }, flush: () => undefined });
       const throws = custom({ start, needs: { silent }, flush: () => { throw new Error('no space'); } });
       const nonsense = custom({ start, needs: { throws }, flush: () => ({ accepted: 'all', stored: 1 }) as never });
       const late = custom({ start, needs: { nonsense }, flush: () => new Promise<void>(() => {}), stopTimeout: 300 });
       const twice = custom({ start, needs: { late }, flush: () => ({ accepted: 1, stored: 2 }) });`,
    ),
  });
  const { code, stderr } = await project.greenroom('run', '--', 'true');
  // As a resource that is lost, it changes no exit code.
  expect(code).toBe(0);
  expect(stderr).toContain('error: short was flushed, and 4 of 100 that it had accepted are lost [NOT_STORED]');
  expect(stderr).toContain('twice was flushed, and 1 more than the 1 that it had accepted are stored [NOT_STORED]');
  expect(stderr).toMatch(
    /throws was not flushed: resources\.throws\.flush of the config threw: no space \[FLUSH_FAILED\]/,
  );
  expect(stderr).toMatch(/nonsense was not flushed: it returned .* \[FLUSH_FAILED\]/);
  expect(stderr).toMatch(/late was not flushed: .* did not end within 300 ms \[FLUSH_FAILED\]/);
  expect(stderr).not.toMatch(/base was|silent was/);
  expect(stderr).toContain('gathered in');
  expect(bundlesIn(project.dir)).toHaveLength(1);
  // Once each, and what needs another before it.
  const all = flushes(project);
  expect(all).toHaveLength(7);
  expect(all.filter((one) => (one as string[])[0] !== 'base')).toEqual([
    ['twice', 1, 2, 'NOT_STORED'],
    ['late', undefined, undefined, 'FLUSH_FAILED'],
    ['nonsense', undefined, undefined, 'FLUSH_FAILED'],
    ['throws', undefined, undefined, 'FLUSH_FAILED'],
    ['silent', undefined, undefined, undefined],
    ['short', 100, 96, 'NOT_STORED'],
  ]);
});

test('`down` tells what is lost, also of what was flushed at the end of a run', async () => {
  await using project = cliProject({ 'greenroom.config.ts': configOf(`short: ${SHORT}`) });
  await project.greenroom('up');
  const joined = await project.greenroom('run', '--', 'true');
  expect(joined.stderr).toContain('4 of 100');
  // Whoever has no lease may have used it since.
  const down = await project.greenroom('down');
  expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('4 of 100 that it had accepted are lost') });
});

test('a flush is given endpoint and needs, and has a runner that was killed', async () => {
  await using project = cliProject({
    'greenroom.config.ts': configOf(
      'db, audit',
      `import { writeFileSync } from 'node:fs';
       const db = custom({ start: () => ({ url: 'of://db' }) });
       const audit = custom({
         start: () => ({ url: 'of://audit' }),
         needs: { db },
         flush: ({ url }, { db }) => writeFileSync('flushed.txt', [url, db.url].join(' ')),
       });`,
    ),
  });
  const run = project.start('run', '--', 'node', 'signals.mjs', '1');
  await run.line('ready');
  run.kill('SIGKILL');
  await run.result;
  await project.nothingLeft();
  expect(readFileSync(join(project.dir, 'flushed.txt'), 'utf8')).toBe('of://audit of://db');
  expect(flushes(project)).toEqual([['audit', undefined, undefined, undefined]]);
});

test('a resource that is lost for good cannot be flushed, and that is told', async () => {
  await using project = cliProject({
    'greenroom.config.ts': configOf(
      'store',
      `const store = command({
         run: ['node', 'server.mjs', 'store'],
         ready: http('/health'),
         restart: false,
         flush: () => ({ accepted: 1, stored: 1 }),
       });`,
    ),
  });
  const script = `await fetch(process.env.GREENROOM_STORE_URL + '/exit').catch(() => {}); ${UNTIL_LOST}`;
  const { stderr } = await project.greenroom('run', '--', 'node', '-e', script);
  expect(stderr).toMatch(/store is lost/);
  expect(stderr).toMatch(/store was lost before it could be flushed: .* \[FLUSH_FAILED\]/);
  expect(flushes(project)).toEqual([['store', undefined, undefined, 'FLUSH_FAILED']]);
});

test("each worker's own is flushed when its worker leaves", async () => {
  await using project = cliProject({
    'greenroom.config.ts': configOf(
      `own: custom({ start: () => ({ url: 'a://b' }), scope: 'worker', flush: () => ({ accepted: 2, stored: 1 }) })`,
    ),
  });
  const { code } = await project.greenroom('exec', '--procs', '2', '--', 'true');
  expect(code).toBe(0);
  await project.nothingLeft();
  expect(flushes(project)).toHaveLength(2);
  expect(flushes(project)).toEqual(
    expect.arrayContaining([
      ['own.1', 2, 1, 'NOT_STORED'],
      ['own.2', 2, 1, 'NOT_STORED'],
    ]),
  );
});
