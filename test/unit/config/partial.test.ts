import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callWithAvailable, type EnvFunction } from '../../../src/config/partial.ts';
import type { Endpoints } from '../../../src/protocol/plan.ts';

const db = {
  url: 'postgres://u:p@127.0.0.1:5001/app',
  host: '127.0.0.1',
  port: 5001,
  tls: false,
  nodes: [{ port: 1 }],
};
const llm = { url: 'http://127.0.0.1:5002', host: '127.0.0.1', port: 5002 };

type Given = any;

/** Calls an env function as it is called while only `db` of `db` and `llm` is started. */
function withDbOnly(fn: (given: Given) => unknown, endpoints: Endpoints = { db }): Promise<Record<string, string>> {
  return callWithAvailable(fn as EnvFunction, endpoints, ['db', 'llm']);
}

describe('with everything started', () => {
  test('every variable is there, as text', async () => {
    const env = await withDbOnly(
      ({ db: { url, port, tls }, llm: { host } }) => ({ URL: url, PORT: port, TLS: tls, HOST: host, NONE: undefined }),
      { db, llm },
    );
    expect(env).toEqual({ URL: db.url, PORT: '5001', TLS: 'false', HOST: '127.0.0.1' });
  });

  test('a number that is none is passed on, for its maker to find', async () => {
    expect(await withDbOnly((given) => ({ PORT: Number(given.db.prot) }), { db, llm })).toEqual({ PORT: 'NaN' });
  });

  test('what it throws is thrown', async () => {
    const error = new Error('mine');
    const fn = () => {
      throw error;
    };
    await expect(withDbOnly(fn, { db, llm })).rejects.toBe(error);
  });
});

describe('with a resource that is not started', () => {
  test('what does not read it stays', async () => {
    expect(await withDbOnly((given) => ({ A: given.db.url, B: given.llm.url, MODE: 'test' }))).toEqual({
      A: db.url,
      MODE: 'test',
    });
  });

  test.each<[string, (missing: Given) => unknown]>([
    ['a field', (it) => it.url],
    ['a field of any name', (it) => it.whatever],
    ['the resource itself', (it) => it],
    ['a number', (it) => it.port],
    ['a template string', (it) => `${it.url}/v1`],
    ['a joined string', (it) => `http://${it.host}:${it.port}/`],
    ['a string added to', (it) => it.url + '/v1'],
    ['a number added to', (it) => it.port + 1],
    ['a number computed with', (it) => it.port * 2],
    ['a number made of it', (it) => Number(it.port)],
    ['a number in a string', (it) => `http://127.0.0.1:${Number(it.port) + 1}`],
    ['a parsed number', (it) => Number.parseInt(it.port, 10)],
    ['a nested field', (it) => it.nodes[0].port],
    ['a destructured nested field', ({ nodes: [{ port }] }) => port],
    ['a method', (it) => it.url.replace('http', 'ws')],
    ['a chain of methods', (it) => it.url.split(':').at(-1).slice(1)],
    ['a list', (it) => it.nodes.map((node: { port: number }) => node.port).join(',')],
    ['an optional field', (it) => it.tls?.certificate],
    ['a field or a default', (it) => it.url ?? 'http://default'],
    ['String()', (it) => String(it.url)],
    ['toString()', (it) => it.port.toString()],
    ['JSON', (it) => JSON.stringify({ url: it.url })],
    ['JSON of it', (it) => JSON.stringify(it)],
    ['URL-encoded', (it) => encodeURIComponent(it.url)],
    ['in other case', (it) => String(it.host).toUpperCase()],
    ['the host of a parsed url', (it) => new URL(it.url).host],
    ['the path of a parsed url', (it) => new URL(it.url).pathname.slice(1)],
    ['the password of a parsed url', (it) => new URL(it.url).password],
    ['a parsed url', (it) => new URL('/v1', it.url).href],
    ['query parameters', (it) => String(new URLSearchParams({ at: it.url }))],
    ['mixed with one that is started', (it) => `${db.url},${it.url}`],
  ])('%s is left out', async (_, read) => {
    const env = await withDbOnly((given) => ({ KEPT: given.db.url, LEFT_OUT: read(given.llm) }));
    expect(env).toEqual({ KEPT: db.url });
  });

  test('destructuring in the parameter works', async () => {
    const env = await withDbOnly(
      ({
        db: {
          url,
          nodes: [first],
        },
        llm: { url: llmUrl, ...rest },
      }) => ({
        A: url,
        B: first.port,
        C: llmUrl,
        D: rest.port,
      }),
    );
    expect(env).toEqual({ A: db.url, B: '1' });
  });

  test('a variable whose name is made of it is left out', async () => {
    expect(await withDbOnly((given) => ({ [`AT_${given.llm.port}`]: 1, A: 2 }))).toEqual({ A: '2' });
  });

  test('an async function that awaits it works', async () => {
    const env = await withDbOnly(async (given) => ({ A: await given.db.url, B: await given.llm.url }));
    expect(env).toEqual({ A: db.url });
  });

  test('a spread of its fields leaves nothing behind', async () => {
    expect(await withDbOnly((given) => ({ ...given.llm, A: given.db.port }))).toEqual({ A: '5001' });
  });

  test('a function that returns one of its fields gives no variables', async () => {
    expect(await withDbOnly((given) => given.llm.env)).toEqual({});
  });

  test('a loop over its list ends', async () => {
    const env = await withDbOnly((given) => {
      const ports = [];
      for (const node of given.llm.nodes) ports.push(node.port);
      return { PORTS: ports.join(','), A: given.db.port };
    });
    expect(env).toEqual({ A: '5001' });
  });

  test('a function that cannot do without it fails, and names it', async () => {
    const fn = (given: Given) => ({ A: given.db.url, B: Buffer.from(given.llm.password).toString('base64') });
    await expect(withDbOnly(fn)).rejects.toMatchObject({
      code: 'FUNCTION_FAILED',
      message: expect.stringContaining('`env` of the config threw while `llm` was not started: '),
    });
  });

  test('an error that has nothing to do with it is thrown as it is', async () => {
    await expect(withDbOnly((given) => ({ A: given.nope.url, B: given.llm.url }))).rejects.toThrow(TypeError);
  });
});

describe('what is no set of variables', () => {
  test.each([['a string'], [3], [null], [undefined], [['A=1']]])('%j fails', async (value) => {
    await expect(withDbOnly(() => value)).rejects.toMatchObject({ code: 'FUNCTION_FAILED' });
  });

  test.each([[{ a: 1 }], [null], [['x']], [() => 'x'], [1n]])(
    'a variable that is %o fails, by its name',
    async (value) => {
      await expect(withDbOnly(() => ({ OK: '1', WRONG: value }))).rejects.toMatchObject({
        code: 'FUNCTION_FAILED',
        message: expect.stringContaining('WRONG'),
      });
    },
  );
});

test('whatever is started, exactly the variables over started resources are there', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const url = (name: string) => `http://${name}.example`;
  await fc.assert(
    fc.asyncProperty(fc.subarray(names), fc.array(fc.subarray(names), { maxLength: 6 }), async (started, uses) => {
      const fn = (given: Given) =>
        Object.fromEntries(uses.map((used, index) => [`V${index}`, used.map((name) => given[name].url).join(' ')]));
      const endpoints = Object.fromEntries(started.map((name) => [name, { url: url(name) }]));
      const expected = uses.flatMap((used, index) =>
        used.every((name) => started.includes(name)) ? [[`V${index}`, used.map(url).join(' ')] as const] : [],
      );
      expect(await callWithAvailable(fn, endpoints, names)).toEqual(Object.fromEntries(expected));
    }),
  );
});
