import { expect, expectTypeOf, test } from 'vitest';
import { command, type Address } from '../../../src/resources/command/index.ts';
import { custom } from '../../../src/resources/custom/index.ts';
import { dir } from '../../../src/resources/dir/index.ts';
import { ports } from '../../../src/resources/ports/index.ts';
import type { EndpointOf, Resource } from '../../../src/resources/define.ts';
import { mockLlm } from '../../../src/resources/llm/index.ts';
import { postgres } from '../../../src/resources/postgres/index.ts';
import { http, log } from '../../../src/resources/probes/define.ts';
import { redis } from '../../../src/resources/redis/index.ts';
import { optionSchemas } from '../../../src/resources/schemas.ts';

const refusals = ({ kind, options }: Resource): string[] =>
  optionSchemas[kind]?.safeParse(options).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ??
  [];

test('what the builders give is accepted', () => {
  const db = postgres({ database: 'app', settings: { jit: false } });
  const values: Resource[] = [
    db,
    postgres(),
    postgres({ url: 'postgres://me:secret@db.example:5432/app' }),
    postgres({ url: 'postgresql:///app?host=/var/run/postgresql' }),
    redis(),
    redis({ url: 'redis://127.0.0.1:6379/1' }),
    mockLlm(),
    dir(),
    dir({ slice: 'test', tmpfs: 'auto', space: 2 ** 40 }),
    dir({ tmpfs: false }),
    ports(),
    ports({ count: 1_000, slice: 'file' }),
    custom({ start: () => ({ url: 'x' }) }),
    command({ run: ['node', 'api.js'], needs: { db }, env: ({ db: { url } }) => ({ URL: url }), stopSignal: 'SIGINT' }),
    command({ run: ['node', 'api.js'], port: 8080, ready: http('/health') }),
    command({ run: ['node', 'worker.js'], port: false, ready: log(/ready/) }),
    command({ kind: 'job', run: ['npm', 'run', 'migrate'], env: { A: 1, B: true } }),
  ];
  for (const value of values) expect(refusals(value)).toEqual([]);
});

test('what they cannot give is refused', () => {
  expect(refusals(command({ run: [] }))).toEqual(['run: a program and its arguments']);
  expect(refusals(command({ run: ['node'], port: false } as never))).toEqual([
    'ready: a probe, because with `port: false` nothing else tells when it is ready',
  ]);
  expect(refusals(command({ run: ['node'], port: 70_000 }))).toEqual(['port: a port from 1 to 65535']);
  expect(refusals(command({ run: ['node'], prot: 1 } as never))).toEqual([': Unrecognized key: "prot"']);
  expect(refusals(command({ kind: 'job', run: ['node'], port: 1 } as never))).toEqual([': Unrecognized key: "port"']);
  expect(refusals(postgres({ url: 'mysql://127.0.0.1' }))).toEqual([
    'url: a url such as postgres://user:password@127.0.0.1:5432/app',
  ]);
  expect(refusals(postgres({ url: 'postgres://127.0.0.1', database: 'app' }))).toEqual([
    'url: no `binaries`, `database`, `settings`, `tmpfs`, `keepOnFailure`, `reset` beside it, as the server is not ours',
  ]);
  expect(refusals(postgres({ database: 'a"b' }))).toEqual(['database: a name of at most 63 letters, digits, _ and -']);
  expect(refusals(mockLlm({ model: 'x' } as never))).toEqual([': Unrecognized key: "model"']);
  expect(refusals(dir({ tmpfs: true as never, space: 0 }))).toEqual([
    "tmpfs: 'auto', 'require' or false",
    expect.stringContaining('space: '),
  ]);
  expect(refusals(ports({ count: 1_001 }))).toEqual([expect.stringContaining('count: ')]);
  expect(refusals(custom({ start: 'x' as unknown as () => { url: string } }))).toEqual(['start: a function']);
});

test('a job is a job', () => {
  expect(command({ kind: 'job', run: ['true'] })).toMatchObject({
    kind: 'job',
    type: 'job',
    options: { run: ['true'] },
  });
});

test('endpoints have types, log fields included', () => {
  expectTypeOf<EndpointOf<ReturnType<typeof postgres>>['password']>().toEqualTypeOf<string>();
  const plain = command({ run: ['x'] });
  expectTypeOf<EndpointOf<typeof plain>['port']>().toEqualTypeOf<number>();
  const fields = command({ run: ['x'], ready: log<'port' | 'token'>(/x/) });
  expectTypeOf<EndpointOf<typeof fields>['token']>().toEqualTypeOf<string>();
  expectTypeOf<EndpointOf<typeof fields>['port']>().toEqualTypeOf<number>();
  const own = command({ run: ['x'], port: false, ready: log<'port' | 'token'>(/x/) });
  expectTypeOf<EndpointOf<typeof own>>().toExtend<Address & { readonly token: string }>();
  const none = command({ run: ['x'], port: false, ready: log<'token'>(/x/) });
  expectTypeOf<EndpointOf<typeof none>>().not.toExtend<Address>();
  const mail = custom({ needs: { plain }, start: async (needs) => ({ smtp: needs.plain.port }) });
  expectTypeOf<EndpointOf<typeof mail>['smtp']>().toEqualTypeOf<number>();
  command({
    run: ['x'],
    needs: { fields },
    // @ts-expect-error -- no such field
    env: (needs) => ({ X: needs.fields.nothing }),
  });
});
