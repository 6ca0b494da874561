import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config/define.ts';
import { findConfig } from '../../../src/config/find.ts';
import { toPlan } from '../../../src/config/plan.ts';
import { functionAt } from '../../../src/config/resolve.ts';
import { validate } from '../../../src/config/schema.ts';
import { all, command, custom, gate, http, log } from '../../../src/index.ts';
import { postgres } from '../../../src/resources/postgres/index.ts';
import type { Plan } from '../../../src/protocol/plan.ts';
import { directoryWith, writeFiles } from './directory.ts';

const files = {
  'greenroom.config.ts': `import './parts/db.ts';`,
  'parts/db.ts': `import '../../shared.ts';`,
  'migrations/1.sql': 'create table a ();',
  'migrations/2.sql': 'create table b ();',
  'notes.md': 'not declared',
};
const env = { PATH: '/usr/bin:/bin', LICENSE: 'a', UNUSED: 'a' };

/** A project with the files above, in a directory `project` of its own. */
function project(): string {
  const parent = directoryWith({ 'shared.ts': '' });
  const root = join(parent, 'project');
  writeFiles(root, files);
  return root;
}

/** The plan that a config object gives when it stands in a directory. */
function planOf(root: string, config: object, environment: NodeJS.ProcessEnv = env): Promise<Plan> {
  const found = findConfig(root);
  return toPlan({ config: validate(config, found.file), ...found }, environment);
}

function orders(): Config {
  const db = command({ run: ['sleep', '60'], port: false, ready: log(/ready/) });
  const llm = custom({ start: () => ({ url: 'http://127.0.0.1' }), heal: () => true, stopTimeout: 50 });
  const api = command({
    run: ['sleep', '60'],
    needs: { store: db, llm },
    env: ({ llm: { url } }) => ({ LLM_URL: url }),
    ready: all(
      http('/health', (body) => body.ok),
      http('llm', '/v1/models'),
    ),
    healthy: http('/health', { interval: 100 }),
    restart: { max: 1 },
    startTimeout: 5000,
  });
  return {
    resources: { db, llm, api },
    gates: {
      catalog: gate({
        needs: { orders: api },
        probe: http('orders', '/catalog', (body) => body.synced),
        timeout: 7000,
      }),
    },
    env: () => ({ A: '1' }),
    inputs: ['migrations/*.sql'],
    passEnv: ['LICENSE'],
  };
}

test('the whole config, as JSON', async () => {
  const root = project();
  const { key, configHash, ...plan } = await planOf(root, orders());
  expect(key).toMatch(/^[0-9a-f]{16}$/);
  expect(configHash).toMatch(/^[0-9a-f]{16}$/);
  expect(plan).toEqual({
    configFile: join(root, 'greenroom.config.ts'),
    root,
    linger: 2000,
    leaseTimeout: 300_000,
    env: { PATH: '/usr/bin:/bin', LICENSE: 'a' },
    resources: {
      db: {
        kind: 'command',
        type: 'service',
        needs: {},
        options: {
          run: ['sleep', '60'],
          port: false,
          ready: { probe: 'log', pattern: { $regexp: { source: 'ready', flags: '' } } },
        },
        restart: { max: 3, backoff: 250, timeout: 60_000 },
        startTimeout: 60_000,
        stopTimeout: 10_000,
      },
      llm: {
        kind: 'custom',
        type: 'service',
        needs: {},
        options: { start: { $function: 'resources.llm.options.start' } },
        restart: { max: 3, backoff: 250, timeout: 60_000 },
        heal: { $function: 'resources.llm.heal' },
        startTimeout: 60_000,
        stopTimeout: 50,
      },
      api: {
        kind: 'command',
        type: 'service',
        needs: { store: 'db', llm: 'llm' },
        options: {
          run: ['sleep', '60'],
          port: 'auto',
          env: { $function: 'resources.api.options.env' },
          ready: {
            probe: 'all',
            of: [
              { probe: 'http', path: '/health', json: { $function: 'resources.api.options.ready.of.0.json' } },
              { probe: 'http', of: 'llm', path: '/v1/models' },
            ],
          },
        },
        healthy: { probe: 'http', path: '/health', interval: 100 },
        restart: { max: 1, backoff: 250, timeout: 5000 },
        startTimeout: 5000,
        stopTimeout: 10_000,
      },
    },
    gates: {
      catalog: {
        needs: { orders: 'api' },
        timeout: 7000,
        probe: { probe: 'http', of: 'orders', path: '/catalog', json: { $function: 'gates.catalog.probe.json' } },
      },
    },
    specEnv: { $function: 'env' },
  });
});

test('each function of the plan is found in the config again', async () => {
  const config = orders();
  const text = JSON.stringify(await planOf(project(), config));
  const paths = [...text.matchAll(/"\$function":"([^"]+)"/g)].map(([, path]) => path!);
  expect(paths).toHaveLength(6);
  for (const path of paths) expect(functionAt(config, path)).toBeTypeOf('function');
});

test('an `env` that is an object becomes text', async () => {
  const plan = await planOf(project(), {
    resources: {},
    env: { MODE: 'test', LEVEL: 3, QUIET: true, NONE: undefined },
  });
  expect(plan.specEnv).toEqual({ MODE: 'test', LEVEL: '3', QUIET: 'true' });
});

test('two gates and two aliases may be of one resource', async () => {
  const api = command({ run: ['sleep', '60'] });
  const plan = await planOf(project(), {
    resources: { api },
    gates: { one: gate({ needs: { a: api, b: api } }), two: gate({ needs: { a: api } }) },
  });
  expect(plan.gates['one']?.needs).toEqual({ a: 'api', b: 'api' });
});

test('a graph of any depth is no circle', async () => {
  const resources: Record<string, ReturnType<typeof command>> = {};
  for (let index = 0; index < 60; index++) {
    const needs = Object.fromEntries(Object.entries(resources).slice(-2));
    resources[`r${index}`] = command({ kind: 'job', run: ['true'], needs }) as ReturnType<typeof command>;
  }
  expect(Object.keys((await planOf(project(), { resources })).resources)).toHaveLength(60);
});

describe('another key', () => {
  test.each([
    ['the config file', 'greenroom.config.ts'],
    ['a file it imports', 'parts/db.ts'],
    ['a file that is imported by that', '../shared.ts'],
    ['a declared input', 'migrations/2.sql'],
    ['a new file that matches the inputs', 'migrations/3.sql'],
  ])('when %s changes', async (_, path) => {
    const root = project();
    const before = await planOf(root, orders());
    writeFiles(root, { [path]: '// changed' });
    const after = await planOf(root, orders());
    expect(after.key).not.toBe(before.key);
    expect(after.configHash).not.toBe(before.configHash);
  });

  const sleeper = command({ run: ['sleep', '60'] });
  const simple: Config = { resources: { sleeper }, env: { A: '1' } };
  const changes: [string, Config][] = [
    ['an option', { ...simple, resources: { sleeper: command({ run: ['sleep', '61'] }) } }],
    ['a deadline', { ...simple, resources: { sleeper: command({ run: ['sleep', '60'], startTimeout: 1 }) } }],
    ['a name', { ...simple, resources: { other: sleeper } }],
    ['one more resource', { ...simple, resources: { sleeper, other: command({ run: ['sleep', '60'] }) } }],
    ['a need', { ...simple, resources: { sleeper, other: command({ run: ['sleep', '60'], needs: { sleeper } }) } }],
    ['a gate', { ...simple, gates: { ready: gate({ needs: { sleeper } }) } }],
    ['the deadline of a gate', { ...simple, gates: { ready: gate({ needs: { sleeper }, timeout: 1 }) } }],
    ['the environment of specs', { ...simple, env: { A: '2' } }],
    ['how long it lingers', { ...simple, linger: 3000 }],
    ['the lease time-out', { ...simple, leaseTimeout: 3000 }],
    ['the declared names', { ...simple, passEnv: ['UNUSED'] }],
  ];

  test('when the config differs in anything that the coordinator acts on', async () => {
    const root = project();
    const configs = [simple, ...changes.map(([, config]) => config)];
    const keys = await Promise.all(configs.map(async (config) => (await planOf(root, config)).key));
    const names = ['as it was', ...changes.map(([name]) => name)];
    const doubles = names.filter((_, index) => keys.indexOf(keys[index]!) !== index);
    expect(doubles).toEqual([]);
  });

  test('when a declared variable has another value, or none', async () => {
    const root = project();
    const values = [{ ...env }, { ...env, LICENSE: 'b' }, { ...env, LICENSE: '' }, { PATH: env.PATH }];
    const keys = await Promise.all(values.map(async (environment) => (await planOf(root, orders(), environment)).key));
    expect(new Set(keys).size).toBe(4);
  });

  test('in another directory, though the config is the same', async () => {
    const [here, there] = [await planOf(project(), orders()), await planOf(project(), orders())];
    expect(here.key).not.toBe(there.key);
    expect(here.configHash).toBe(there.configHash);
  });
});

describe('the same key', () => {
  test('whatever a single run wants, and whatever else is in its environment', async () => {
    const root = project();
    const { key } = await planOf(root, orders());
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 99 }),
        fc.nat({ max: 99_999 }),
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => !['LICENSE', 'GREENROOM_KEY', 'PATH'].includes(name)),
          fc.string(),
        ),
        async (workers, grace, more) => {
          expect((await planOf(root, { ...orders(), workers, grace }, { ...more, ...env })).key).toBe(key);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('in whatever order the config names things', async () => {
    const root = project();
    const config = orders();
    const turnedRound = Object.fromEntries(
      Object.entries({
        ...config,
        resources: Object.fromEntries(Object.entries(config.resources).toReversed()),
      }).toReversed(),
    );
    expect((await planOf(root, turnedRound)).key).toBe((await planOf(root, config)).key);
  });

  test('with a file that is not declared', async () => {
    const root = project();
    const { key } = await planOf(root, orders());
    writeFiles(root, { 'notes.md': 'changed' });
    expect((await planOf(root, orders())).key).toBe(key);
  });

  test('by any way to the directory', async () => {
    const root = project();
    symlinkSync(root, join(root, '../link'));
    expect((await planOf(join(root, '../link'), orders())).key).toBe((await planOf(root, orders())).key);
  });
});

describe('an explicit key', () => {
  const named = (key: string) => ({ ...orders(), key });

  test('joins what differs in directory and contents; the hash still tells them apart', async () => {
    const one = await planOf(project(), named('shared'));
    const other = await planOf(project(), { resources: {}, key: 'shared' });
    expect(other.key).toBe(one.key);
    expect(other.configHash).not.toBe(one.configHash);
  });

  test('separates what is the same', async () => {
    const root = project();
    const keys = [orders(), named('a'), named('b')].map(async (config) => (await planOf(root, config)).key);
    expect(new Set(await Promise.all(keys)).size).toBe(3);
  });

  test('changes the hash of nothing', async () => {
    const root = project();
    expect((await planOf(root, named('a'))).configHash).toBe((await planOf(root, orders())).configHash);
  });

  test('GREENROOM_KEY wins over the one of the config; empty, it is none', async () => {
    const root = project();
    const { key } = await planOf(root, named('a'), { ...env, GREENROOM_KEY: 'b' });
    expect(key).toBe((await planOf(root, named('b'))).key);
    expect((await planOf(root, named('a'), { ...env, GREENROOM_KEY: '' })).key).toBe(
      (await planOf(root, named('a'))).key,
    );
  });
});

test('files of migrations belong to the key, those of a command as well; the number of workers does not', async () => {
  const root = project();
  const seed = { run: ['sh'], files: 'notes.md' };
  const config = () => ({ resources: { db: postgres({ migrate: 'migrations/*.sql', seed }) } });
  const { key, workers } = await planOf(root, { ...config(), workers: 3 });
  expect(workers).toBe(3);
  expect((await planOf(root, { ...config(), workers: 4 })).key).toBe(key);
  const keys = [key];
  for (const file of ['migrations/2.sql', 'notes.md']) {
    writeFiles(root, { [file]: 'changed' });
    keys.push((await planOf(root, config())).key);
  }
  expect(new Set(keys).size).toBe(3);
});

test('a migration that matches no file is told with its place in the config', async () => {
  const resources = { db: postgres({ migrate: ['migrations/*.sql', 'migrations/*.sq'] }) };
  await expect(planOf(project(), { resources })).rejects.toThrow(
    'resources.db.migrate: expected a glob that matches files, got "migrations/*.sq", which matches none',
  );
});

test('what is adopted, and what nobody has said how to heal, is not brought back', async () => {
  const db = command({ run: ['sleep', '60'], restart: false });
  const own = custom({ start: () => ({ url: 'http://127.0.0.1' }) });
  const job = command({ kind: 'job', run: ['sleep', '0'] });
  const { resources } = await planOf(project(), { resources: { db, own, job } });
  expect(resources['db']?.restart?.max).toBe(0);
  expect(resources['own']?.restart?.max).toBe(0);
  expect(resources['job']).not.toHaveProperty('restart');
});
