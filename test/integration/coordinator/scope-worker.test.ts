import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { script } from '../../../src/llm/client.ts';
import { eventually, Project, type Member } from '../../support/project.ts';

/** A service that says where it stands, and can be told things it remembers. */
const SHOP = `
import { createServer } from 'node:http';
const said = [];
createServer((request, response) => {
  if (request.url === '/die') process.exit(7);
  if (request.method === 'DELETE') said.length = 0;
  if (request.url.startsWith('/say/')) said.push(request.url.slice(5));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ pid: process.pid, files: process.env.FILES, llm: process.env.LLM, said }));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

interface Answer {
  readonly pid: number;
  readonly files?: string;
  readonly llm?: string;
  readonly said: readonly string[];
}

class ShopProject extends Project {
  constructor(config: string) {
    super(config);
    writeFileSync(join(this.dir, 'shop.mjs'), SHOP);
  }
}

const ON_SLICES = `
const llm = mockLlm();
const files = dir({ slice: 'worker' });
const shop = command({
  run: ['node', 'shop.mjs'],
  scope: 'worker',
  needs: { llm, files },
  env: ({ llm, files }) => ({ FILES: files.path, LLM: llm.url }),
  ready: http('/'),
});
const desk = command({
  run: ['node', 'shop.mjs'],
  scope: 'worker',
  needs: { shop },
  env: ({ shop }) => ({ FILES: shop.url }),
});
export default defineConfig({
  resources: { llm, files, shop, desk },
  gates: { open: gate({ needs: { shop }, probe: http('shop', '/', ({ said }) => said.includes('open')) }) },
  env: ({ shop }) => ({ SHOP_URL: shop.url }),
  linger: 0,
});
`;

const ask = async (url: string, init?: RequestInit): Promise<Answer> =>
  (await (await fetch(url, init)).json()) as Answer;

const runs = (pid: number): boolean => existsSync(`/proc/${pid}`);

const gone = (pid: number): Promise<boolean> =>
  eventually(() => (runs(pid) ? undefined : true), `process ${pid} to end`);

const shopOf = async (
  member: Member,
): Promise<{ url: string; env: Record<string, string>; files: string; desk: string }> => {
  const { endpoints, env } = await member.ready();
  return { url: endpoints.shop.url, env, files: endpoints.files?.path, desk: endpoints.desk?.url };
};

test('each worker has a service of its own, on its own slices, beside what all share', async () => {
  await using project = new ShopProject(ON_SLICES);
  const workers = await Promise.all([1, 2, 3].map(() => project.join('worker')));
  const shops = await Promise.all(workers.map(shopOf));
  const answers = await Promise.all(shops.map(({ url }) => ask(url)));
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
  expect(answers.map(({ files }) => files)).toEqual(shops.map(({ files }) => files));
  expect(new Set(answers.map(({ llm }) => llm)).size, 'what is shared is one').toBe(1);
  expect(shops.map(({ env }) => env['SHOP_URL'])).toEqual(shops.map(({ url }) => url));
  const desks = await Promise.all(shops.map(({ desk }) => ask(desk)));
  expect(
    desks.map(({ files }) => files),
    'a desk sees the shop of its own worker',
  ).toEqual(shops.map(({ url }) => url));

  workers[0]!.kill('SIGKILL');
  await gone(answers[0]!.pid);
  await gone(desks[0]!.pid);
  await eventually(() => (existsSync(shops[0]!.files) ? undefined : true), 'the directory it stood on to go');
  expect(answers.slice(1).map(({ pid }) => runs(pid))).toEqual([true, true]);
  workers.slice(1).forEach((worker) => worker.kill('SIGTERM'));
  await Promise.all(workers.map((worker) => worker.ends()));
  await project.nothingLeft();
});

test('a gate over it is each worker’s own, and no matter of who has no slot', async () => {
  await using project = new ShopProject(ON_SLICES);
  const runner = await project.join();
  const { endpoints } = await runner.ready({ resources: null, gates: [{ name: 'open' }] });
  expect(Object.keys(endpoints)).toEqual(['llm']);
  const workers = await Promise.all([1, 2].map(() => project.join('worker')));
  const [first, second] = await Promise.all(workers.map(shopOf));
  const waiting = workers[0]!.ready({ resources: null, gates: [{ name: 'open' }] });
  workers[1]!.order('wait', { resources: null, gates: [{ name: 'open' }], timeout: 1_500 });
  await ask(`${first!.url}/say/open`);
  expect((await waiting).endpoints.shop.url).toBe(first!.url);
  const failed = await workers[1]!.hears('failed');
  expect(failed.code).toBe('GATE_TIMEOUT');
  await ask(`${second!.url}/say/open`);
  await workers[1]!.ready({ resources: null, gates: [{ name: 'open' }] });
});

test('one that dies is its worker’s loss alone, whose next wait gets another', async () => {
  await using project = new ShopProject(ON_SLICES);
  const workers = await Promise.all([1, 2].map(() => project.join('worker')));
  const [first, second] = await Promise.all(workers.map(shopOf));
  const before = await ask(second!.url);
  await fetch(`${first!.url}/die`).catch(() => undefined);
  await eventually(
    () => (JSON.stringify(project.generations().at(-1)?.events).includes('slice.lost') ? true : undefined),
    'the loss to be noticed',
  );
  const again = await shopOf(workers[0]!);
  expect((await ask(again.url)).files, 'on the same slice').toBe(first!.files);
  expect((await ask((await shopOf(workers[1]!)).url)).pid).toBe(before.pid);
});

const RESET = `
const shop = command({
  run: ['node', 'shop.mjs'],
  scope: 'worker',
  reset: async ({ url }) => { const answer = await fetch(url, { method: 'DELETE' }); if (!answer.ok) throw new Error('no'); },
});
const runner = custom({ start: () => ({}) });
export default defineConfig({ resources: { runner, shop }, linger: 0 });
`;

test('with a reset it is kept with the slot, and as new for the next worker', async () => {
  await using project = new ShopProject(RESET);
  const runner = await project.join();
  const { file } = await runner.hears('joined');
  const worker = project.spawn('worker', { GREENROOM_FILE: file });
  const { url } = await shopOf(worker);
  const before = await ask(`${url}/say/hello`);
  expect(before.said).toEqual(['hello']);
  worker.kill('SIGKILL');
  await worker.ends();
  await eventually(
    () =>
      project
        .generations()
        .at(-1)
        ?.events.some(({ kind }) => kind === 'slice.dropped')
        ? true
        : undefined,
    'the slice to be given back',
  );
  const next = project.spawn('worker', { GREENROOM_FILE: file });
  const shop = await shopOf(next);
  expect(await ask(shop.url)).toEqual({ ...before, said: [] });

  // Nobody can reset what is dead: the next worker gets a new one.
  next.kill('SIGKILL');
  await next.ends();
  process.kill(before.pid, 'SIGKILL');
  await gone(before.pid);
  const third = await shopOf(project.spawn('worker', { GREENROOM_FILE: file }));
  expect((await ask(third.url)).pid).not.toBe(before.pid);
  project.members.forEach((member) => member.kill('SIGKILL'));
  await project.nothingLeft();
});

test('a mock and what functions start can be each worker’s own, too', async () => {
  await using project = new ShopProject(`
    import { appendFileSync } from 'node:fs';
    const note = (line) => appendFileSync(new URL('./journal', import.meta.url), line + '\\n');
    const files = dir({ slice: 'worker' });
    const llm = mockLlm({ scope: 'worker' });
    const box = custom({
      scope: 'worker',
      needs: { files, llm },
      start: ({ files, llm }) => ({ url: 'box:' + files.path + ' ' + llm.url }),
      stop: ({ url }) => note('stop ' + url),
    });
    export default defineConfig({ resources: { files, llm, box }, linger: 0 });
  `);
  const workers = await Promise.all([1, 2].map(() => project.join('worker')));
  const replies = await Promise.all(workers.map((worker) => worker.ready()));
  const boxes = replies.map(({ endpoints: { files, llm, box } }) => {
    expect(box.url).toBe(`box:${files.path} ${llm.url}`);
    return box.url as string;
  });
  expect(new Set(boxes).size).toBe(2);
  for (const [index, worker] of workers.entries()) {
    const { slot } = await worker.hears('joined');
    const { llm } = replies[index].endpoints;
    // Whatever is asked of a mock of one worker is that worker's.
    await script(llm, { slot }).reply(`for ${slot}`);
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
    const response = await fetch(`${llm.baseUrl}/chat/completions`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: `for ${slot}` } }] });
  }
  workers.forEach((worker) => worker.kill('SIGKILL'));
  await Promise.all(workers.map((worker) => worker.ends()));
  await project.nothingLeft();
  const journal = readFileSync(join(project.dir, 'journal'), 'utf8').trim().split('\n');
  expect(journal.toSorted()).toEqual(boxes.map((url) => `stop ${url}`).toSorted());
});

test('one that cannot start is told to all, and is not tried again for each', async () => {
  await using project = new ShopProject(`
    const shop = command({ run: ['node', 'broken.mjs'], scope: 'worker' });
    export default defineConfig({ resources: { shop }, linger: 0 });
  `);
  const starts = (): number => readFileSync(join(project.dir, 'starts'), 'utf8').length;
  writeFileSync(
    join(project.dir, 'broken.mjs'),
    "import { appendFileSync } from 'node:fs'; appendFileSync('starts', '.'); console.error('no stock'); process.exit(3);",
  );
  const workers = await Promise.all([1, 2, 3].map(() => project.join('worker')));
  workers.forEach((worker) => worker.order('wait', { resources: null }));
  const failures = await Promise.all(workers.map((worker) => worker.hears('failed')));
  for (const failure of failures) expect(failure).toMatchObject({ code: 'RESOURCE_EXITED', subject: 'shop' });
  expect(failures[0].log.join('\n')).toContain('no stock');
  const before = starts();
  for (const worker of workers) {
    worker.order('wait', { resources: null });
    expect(await worker.hears('failed', 2)).toMatchObject({ code: 'RESOURCE_EXITED' });
  }
  expect(starts()).toBe(before);
  workers[0]!.order('retry');
  await workers[0]!.hears('retried');
  workers[0]!.order('wait', { resources: null });
  await workers[0]!.hears('failed', 3);
  expect(starts(), 'but on request').toBe(before + 1);
});

test('the coordinator is killed, and nothing of any worker stays', async () => {
  await using project = new ShopProject(ON_SLICES);
  const workers = await Promise.all([1, 2].map(() => project.join('worker')));
  const answers = await Promise.all((await Promise.all(workers.map(shopOf))).map(({ url }) => ask(url)));
  process.kill(project.pids[0]!, 'SIGKILL');
  await Promise.all(answers.map(({ pid }) => gone(pid)));
  workers.forEach((worker) => worker.kill('SIGKILL'));
  const next = await project.join('worker');
  await next.ready();
  next.kill('SIGTERM');
  await next.ends();
  await project.nothingLeft();
});
