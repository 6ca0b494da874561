import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MAJORS, NEWEST, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import { command, defineConfig, http } from 'greenroom';
  const api = command({ run: ['node', 'mortal.mjs'], ready: http('/'), restart: { max: 20, backoff: 1 } });
  export default defineConfig({ resources: { api }, linger: 0 });
`;

/** Dies when it is told to; is slow to start after that. */
const MORTAL = `
  import { existsSync, writeFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  if (existsSync('died')) await new Promise((resolve) => setTimeout(resolve, 400));
  createServer((request, response) => {
    if (request.url === '/die') {
      writeFileSync('died', '');
      process.kill(process.pid, 'SIGKILL');
    }
    response.end('{}');
  }).listen(Number(process.env.PORT), '127.0.0.1');
`;

const SPECS = `
  import { appendFileSync } from 'node:fs';
  import { expect, test } from 'vitest';

  const ask = (path = '/') => fetch(process.env.GREENROOM_API_URL + path);
  const tries = {};
  const tried = (name) => {
    tries[name] = (tries[name] ?? 0) + 1;
    appendFileSync('tries', name + '\\n');
    return tries[name];
  };

  test('is hit', async () => {
    if (tried('hit') === 1) await ask('/die');
    expect((await ask()).ok).toBe(true);
  });
  test('is held, and not charged for it', { timeout: 300 }, async () => {
    tried('held');
    expect((await ask()).ok).toBe(true);
  });
  test('is wrong while the service dies', async () => {
    tried('wrong');
    await ask('/die').catch(() => undefined);
    expect(1).toBe(2);
  });
  test('is wrong on its second try', async () => {
    if (tried('second') === 1) await ask('/die');
    expect(1).toBe(2);
  });
  test('has tries of its own', { retry: 1 }, async () => {
    if (tried('own') < 3) await ask('/die');
  });
  test.fails('fails as expected', async () => {
    tried('expected');
    await ask('/die');
  });
`;

const files = (options: string): Readonly<Record<string, string>> => ({
  'greenroom.config.ts': CONFIG,
  'mortal.mjs': MORTAL,
  'vitest.config.ts': `
    import greenroom from 'greenroom/vitest';
    export default { plugins: [greenroom(${options})], test: { include: ['specs/healing.test.ts'], maxWorkers: 1 } };
  `,
  'specs/healing.test.ts': SPECS,
});

interface Seen {
  readonly status: string;
  readonly verdict: string | undefined;
  readonly tries: number;
  readonly retried: boolean;
}

async function run(options: string, major: 4 | 5): Promise<Readonly<Record<string, Seen>>> {
  await using project = vitestProject(files(options), { major });
  const { files: reports, output } = await project.vitest('run');
  const tries = readFileSync(`${project.dir}/tries`, 'utf8').split('\n');
  const names: Readonly<Record<string, string>> = {
    'is hit': 'hit',
    'is held, and not charged for it': 'held',
    'is wrong while the service dies': 'wrong',
    'is wrong on its second try': 'second',
    'has tries of its own': 'own',
    'fails as expected': 'expected',
  };
  const results = reports.flatMap(({ assertionResults }) => assertionResults);
  expect(results, output).toHaveLength(6);
  await project.nothingLeft();
  return Object.fromEntries(
    results.map(({ title, status, meta }) => [
      names[title] ?? title,
      {
        status,
        verdict: (meta['greenroom'] as { readonly verdict: string } | undefined)?.verdict,
        tries: tries.filter((name) => name === names[title]).length,
        retried: 'greenroomRetried' in meta,
      },
    ]),
  );
}

test.each(MAJORS)(
  'Vitest %i: what failed for the infrastructure is tried once more, what failed by itself never',
  async (major) => {
    expect(await run(`{ retry: 'infra' }`, major)).toEqual({
      hit: { status: 'passed', verdict: undefined, tries: 2, retried: true },
      held: { status: 'passed', verdict: undefined, tries: 1, retried: false },
      // Beside the end of what it needs nobody can tell, and it is not tried again.
      wrong: { status: 'failed', verdict: 'UNSURE', tries: 1, retried: false },
      second: { status: 'failed', verdict: 'LOGIC', tries: 2, retried: true },
      // One try, its own second, and one for the infrastructure.
      own: { status: 'passed', verdict: undefined, tries: 3, retried: true },
      expected: { status: 'passed', verdict: undefined, tries: 1, retried: false },
    });
  },
);

test.each(NEWEST)('Vitest %i: without it, nothing is tried again, and specs are held all the same', async (major) => {
  expect(await run('', major)).toMatchObject({
    hit: { status: 'failed', verdict: 'INFRA', tries: 1, retried: false },
    held: { status: 'passed', tries: 1 },
    // Beside the end of what it needs nobody can tell, and it is not tried again.
    wrong: { status: 'failed', verdict: 'UNSURE', tries: 1 },
  });
});
