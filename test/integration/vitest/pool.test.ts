import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAJORS, vitestProject, type Major, type VitestProject } from '../../support/vitest-project.ts';

const config = (pool: string, rest = '', plugins = 'plugins: [greenroom()],'): string => `
  import greenroom from 'greenroom/vitest';
  import { greenroomPool } from 'greenroom/vitest/pool';
  import { join } from 'node:path';
  import { defineConfig } from 'vitest/config';
  export default defineConfig({
    ${plugins}
    test: {
      include: ['pool/*.test.ts'],
      pool: greenroomPool(${pool}),
      execArgv: ['--import', join(import.meta.dirname, 'preload.mjs')],
      ${rest}
    },
  });
`;

/** Runs in each worker, before anything else does. */
const PRELOAD = `
  import { appendFileSync } from 'node:fs';
  const { API_URL: url, GREENROOM_FILE: file, GREENROOM_LEASE: lease, GREENROOM_RUN: run, GREENROOM_SLOT: slot } = process.env;
  const answer = url === undefined ? undefined : await (await fetch(url + '/synced')).json();
  appendFileSync('preloads.ndjson', JSON.stringify({ file, lease, run, slot, ...answer }) + '\\n');
`;

interface Preload {
  readonly file?: string;
  readonly lease?: string;
  readonly run?: string;
  readonly slot?: string;
  /** What the service said about itself; the gate waits until it is true. */
  readonly synced?: boolean;
}

function preloads({ dir }: VitestProject): readonly Preload[] {
  const text = readFileSync(join(dir, 'preloads.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Preload);
}

/** Goes on when three workers are there at once. */
const MEETS = `
  import { mkdirSync, readdirSync } from 'node:fs';
  import { expect, test } from 'vitest';
  mkdirSync('slots/' + process.env.GREENROOM_SLOT, { recursive: true });
  test('has a slot of its own', async () => {
    await expect.poll(() => readdirSync('slots'), { timeout: 20_000 }).toEqual(['1', '2', '3']);
  }, 30_000);
`;
const PASSES = "import { test } from 'vitest';\ntest('passes', () => undefined);\n";

describe.each(MAJORS)('Vitest %i', (major: Major) => {
  const project = (files: Readonly<Record<string, string>>): VitestProject =>
    vitestProject({ 'preload.mjs': PRELOAD, 'pool/a.test.ts': PASSES, ...files }, { major });

  test.each(['forks', 'threads', 'vmForks', 'vmThreads'])(
    'a worker of %s has slot, lease and environment before its first import, and the gate is open by then',
    async (pool) => {
      const specs = { 'pool/a.test.ts': MEETS, 'pool/b.test.ts': MEETS, 'pool/c.test.ts': MEETS };
      await using three = project({ ...specs, 'vitest.config.ts': config(`'${pool}'`, 'maxWorkers: 3,') });
      const run = await three.vitest('run');
      expect(run, run.output).toMatchObject({ exitCode: 0 });
      const seen = preloads(three);
      expect(seen).toHaveLength(3);
      expect(new Set(seen.map(({ slot }) => slot))).toEqual(new Set(['1', '2', '3']));
      expect(seen.map(({ synced }) => synced)).toEqual([true, true, true]);
      for (const { file, lease } of seen) {
        expect(file).toMatch(/gen-1\.json$/);
        expect(lease).toMatch(/^[0-9a-f]{16}\/L\d+$/);
      }
      // One lease for a worker, which it takes over once it is there.
      const events = three.generations().flat();
      const leases = events.flatMap((event) =>
        event.kind === 'joined' && event.role === 'worker' ? [event.lease] : [],
      );
      const taken = events.flatMap((event) => (event.kind === 'taken' ? [event.lease] : []));
      expect(leases).toHaveLength(3);
      expect(taken.toSorted()).toEqual(leases.toSorted());
      const opened = events.findIndex((event) => event.kind === 'gate.passed');
      expect(opened).toBeGreaterThan(0);
      expect(opened).toBeLessThan(events.findIndex((event) => event.kind === 'taken'));
    },
  );

  test('a worker that is killed leaves its slot to the next one', async () => {
    const dies = `${PASSES}test('is killed', () => void process.kill(process.pid, 'SIGKILL'));\n`;
    const specs = { 'pool/a.test.ts': dies, 'pool/b.test.ts': PASSES };
    await using killed = project({ ...specs, 'vitest.config.ts': config('', 'maxWorkers: 1,') });
    const run = await killed.vitest('run');
    expect(run.exitCode, run.output).toBe(1);
    expect(preloads(killed).map(({ slot }) => slot)).toEqual(['1', '1']);
  });

  test('without isolation, one worker has one lease for all of its files', async () => {
    const specs = { 'pool/a.test.ts': PASSES, 'pool/b.test.ts': PASSES };
    await using shared = project({ ...specs, 'vitest.config.ts': config('', 'maxWorkers: 1, isolate: false,') });
    const run = await shared.vitest('run');
    expect(run, run.output).toMatchObject({ exitCode: 0 });
    expect(preloads(shared)).toHaveLength(1);
    const joined = shared
      .generations()
      .flat()
      .filter(({ kind }) => kind === 'joined');
    expect(joined).toHaveLength(2);
  });

  test('worker-scoped fixtures end with their file in a VM pool, as they do in the built-in one', async () => {
    const fixture = `
      /** @needs */
      import { appendFileSync } from 'node:fs';
      import { test as base } from 'vitest';
      const test = base.extend('thing', { scope: 'worker' }, ({}, { onCleanup }) => {
        appendFileSync('fixture.txt', 'up ');
        onCleanup(() => appendFileSync('fixture.txt', 'down '));
      });
      test('uses the fixture', ({ thing }) => void thing);
    `;
    const specs = { 'pool/a.test.ts': fixture, 'pool/b.test.ts': fixture };
    await using vm = project({ ...specs, 'vitest.config.ts': config("'vmThreads'", 'maxWorkers: 1, isolate: false,') });
    const run = await vm.vitest('run');
    expect(run, run.output).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(vm.dir, 'fixture.txt'), 'utf8')).toBe('up down up down ');
  });

  test('what is wrong with the infrastructure is reported with the files, as without the pool', async () => {
    const never = (resource: string): string => `
      import { command, defineConfig, gate, http } from 'greenroom';
      const api = command(${resource});
      const cache = gate({ needs: { api }, timeout: 400, probe: http('api', '/synced', () => false) });
      export default defineConfig({ resources: { api }, gates: { cache }, linger: 0 });
    `;
    const files = { 'vitest.config.ts': config(''), 'pool/b.test.ts': PASSES };
    await using shut = project({
      ...files,
      'greenroom.config.ts': never("{ run: ['node', 'server.mjs', '300'], ready: http('/health') }"),
    });
    const closed = await shut.vitest('run');
    expect(
      closed.files.map(({ status }) => status),
      closed.output,
    ).toEqual(['failed', 'failed']);
    for (const { message } of closed.files) expect(message).toContain('gate cache did not open within 400 ms');

    await using broken = project({ ...files, 'greenroom.config.ts': never("{ run: ['false'], ready: http('/') }") });
    const down = await broken.vitest('run');
    expect(
      down.files.map(({ status }) => status),
      down.output,
    ).toEqual(['failed', 'failed']);
    for (const { message } of down.files) expect(message).toContain('api exited with code 1 before it was ready');
  });

  test('a run that is cancelled while a worker is held ends', async () => {
    await using held = project({
      // Nobody asks for the gate before the worker is held for it.
      'server.mjs': `
        import { existsSync, writeFileSync } from 'node:fs';
        import { createServer } from 'node:http';
        createServer(({ url }, response) => {
          if (url === '/synced') writeFileSync('held', '');
          response.end(JSON.stringify({ synced: existsSync('cancelled') }));
        }).listen(Number(process.env.PORT), '127.0.0.1');
      `,
      'vitest.config.ts': config('', '', 'plugins: [greenroom(), canceller()],').replace(
        'export default',
        `
          import { existsSync, writeFileSync } from 'node:fs';
          const canceller = () => ({
            name: 'canceller',
            configureVitest({ vitest }) {
              const looking = setInterval(() => {
                if (!existsSync('held')) return;
                clearInterval(looking);
                void vitest.cancelCurrentRun('test-failure').then(() => console.log('has been cancelled'));
                writeFileSync('cancelled', '');
              }, 20);
            },
          });
          export default`,
      ),
    });
    const run = await held.vitest('run');
    expect(run.output).toContain('has been cancelled');
    expect(run.exitCode, run.output).toBe(1);
    expect(preloads(held)).toHaveLength(1);
  });

  test('without the plugin there is one error that says so', async () => {
    await using bare = project({ 'vitest.config.ts': config('', '', ''), 'pool/b.test.ts': PASSES });
    const run = await bare.vitest('run');
    expect(run.exitCode, run.output).toBe(2);
    const said = /GreenroomError: this Vitest run has joined no infrastructure \[NOT_JOINED\]\nhint: add/g;
    expect(run.output.match(said), run.output).toHaveLength(1);
    expect(run.output).not.toMatch(/^ *(?:at|❯) .*(?:dist|node:)/m);
    expect(bare.generations()).toEqual([]);
  });

  test('the name of no pool is refused', async () => {
    await using wrong = project({ 'vitest.config.ts': config("'fork'") });
    const run = await wrong.vitest('run');
    expect(run.exitCode, run.output).toBe(2);
    expect(run.output).toContain('greenroomPool: there is no pool `fork`; did you mean `forks`? [CONFIG_INVALID]');
  });

  test('`vitest list` starts nothing', async () => {
    await using listed = project({ 'vitest.config.ts': config('') });
    const { output } = await listed.vitest('list');
    expect(output).toContain('pool/a.test.ts > passes');
    expect(listed.generations()).toEqual([]);
  });
});
