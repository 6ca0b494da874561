import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, Project, type Member } from '../../support/project.ts';

const DIRS = `
const files = dir({ slice: 'worker' });
const drafts = dir({ slice: 'file' });
const shared = dir();
export default defineConfig({
  resources: { files, drafts, shared },
  env: ({ files, shared }) => ({ FILES: files.path, SHARED: shared.path }),
  linger: 0,
});
`;

/** A custom resource whose parts are files; what happens to them is written into `journal`. */
const custom = (make = '', drop = ''): string => `
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
const note = (line) => appendFileSync(new URL('./journal', import.meta.url), line + '\\n');
const parts = custom({
  start: () => ({ url: 'whole' }),
  slice: 'worker',
  stopTimeout: 1_000,
  slices: {
    make: async (whole, { name, slot }) => { note('make ' + name + ' ' + slot); ${make}; return { url: name }; },
    drop: async (name, part) => { note('drop ' + name + ' ' + (part === null)); ${drop} },
  },
});
export default defineConfig({ resources: { parts }, linger: 0 });
`;

class SliceProject extends Project {
  constructor(config: string) {
    super(config);
    writeFileSync(join(this.dir, 'journal'), '');
  }

  journal(): readonly (readonly string[])[] {
    const text = readFileSync(join(this.dir, 'journal'), 'utf8').trim();
    return text === '' ? [] : text.split('\n').map((line) => line.split(' '));
  }

  names(what: string): readonly string[] {
    return this.journal().flatMap(([word, name = '']) => (word === what ? [name] : []));
  }
}

const workerOf = async (project: Project, runner: Member): Promise<Member> => {
  const { file } = await runner.hears('joined');
  return project.spawn('worker', { GREENROOM_FILE: file });
};

test('each worker has a directory of its own, its env says which, and it goes with the worker', async () => {
  await using project = new Project(DIRS);
  const runner = await project.join();
  const workers = await Promise.all([1, 2, 3].map(() => workerOf(project, runner)));
  const replies = await Promise.all(workers.map((worker) => worker.ready()));
  const paths = replies.map(({ endpoints }) => endpoints.files.path as string);
  expect(new Set(paths).size).toBe(3);
  expect(replies.map(({ env }) => env.FILES)).toEqual(paths);
  expect(new Set(replies.map(({ env }) => env.SHARED)).size, 'what is shared is one').toBe(1);
  expect(paths.filter((path) => existsSync(path))).toEqual(paths);

  const [gone = '', ...rest] = paths;
  workers[0]!.kill('SIGKILL');
  await eventually(() => (existsSync(gone) ? undefined : true), 'the killed worker’s directory to go');
  expect(
    rest.filter((path) => existsSync(path)),
    'and only its own',
  ).toEqual(rest);
  const next = await workerOf(project, runner);
  const { endpoints } = await next.ready();
  expect(paths, 'no name is used again').not.toContain(endpoints.files.path);
});

test('who has no slot sees nothing of what is cut into slices', async () => {
  await using project = new Project(DIRS);
  const runner = await project.join();
  const { endpoints, env } = await runner.ready();
  expect(Object.keys(endpoints)).toEqual(['shared']);
  expect(env).not.toHaveProperty('FILES');
});

test('a slice stays the same over all waits of its worker', async () => {
  await using project = new Project(DIRS);
  const worker = await project.join('worker');
  const first = await worker.ready();
  const second = await worker.ready();
  expect(second.endpoints.files).toEqual(first.endpoints.files);
});

test('the slice of a file is asked for and given back, and the next file gets another', async () => {
  await using project = new Project(DIRS);
  const worker = await project.join('worker');
  expect((await worker.ready()).endpoints).not.toHaveProperty('drafts');
  const first = (await worker.ready({ resources: null, unit: 'file' })).endpoints.drafts.path as string;
  writeFileSync(join(first, 'draft'), '');
  worker.order('release');
  const second = (await worker.ready({ resources: null, unit: 'file' })).endpoints.drafts.path as string;
  expect(second).not.toBe(first);
  expect(readdirSync(second)).toEqual([]);
  await eventually(() => (existsSync(first) ? undefined : true), 'the first file’s directory to go');
});

test('two connections of one lease see one slice', async () => {
  await using project = new Project(DIRS);
  const holder = await project.join('worker');
  const { ticket, file } = await holder.hears('joined');
  const mine = await holder.ready();
  const worker = project.spawn('worker', { GREENROOM_FILE: file, GREENROOM_LEASE: ticket });
  expect((await worker.ready()).endpoints.files).toEqual(mine.endpoints.files);
});

test('functions of the config make and drop parts, each once, with the slot of its holder', async () => {
  await using project = new SliceProject(custom());
  const workers = await Promise.all([1, 2, 3, 4].map(() => project.join('worker')));
  const replies = await Promise.all(workers.map((worker) => worker.ready()));
  const slots = await Promise.all(workers.map(async (worker) => (await worker.hears('joined')).slot as number));
  const made = project.journal().map(([, name, slot]) => [name, Number(slot)] as const);
  expect(new Map(made)).toEqual(new Map(replies.map(({ endpoints }, at) => [endpoints.parts.url, slots[at]])));
  for (const worker of workers) worker.kill();
  await project.nothingLeft();
  expect(project.names('drop').toSorted()).toEqual(project.names('make').toSorted());
});

test('names carry key, generation and nonce, and PostgreSQL would take them whole', async () => {
  await using project = new SliceProject(custom());
  const worker = await project.join('worker');
  const { endpoints } = await worker.ready();
  const { key, generation, nonce } = await worker.hears('joined');
  expect(endpoints.parts.url).toBe(`gr_${key}_${generation}_${nonce}_1`);
  expect(Buffer.byteLength(endpoints.parts.url)).toBeLessThanOrEqual(63);
});

test('a part that cannot be made is told to its worker alone, what there is of it is dropped, and the next wait tries again', async () => {
  await using project = new SliceProject(
    custom(
      `try { mkdirSync(new URL('./tripped', import.meta.url)); } catch { return { url: name }; } throw new Error('no room')`,
    ),
  );
  const worker = await project.join('worker');
  worker.order('wait', { resources: null });
  expect(await worker.hears('failed')).toMatchObject({ message: expect.stringContaining('no room') });
  await worker.ready();
  expect(project.names('make')).toHaveLength(2);
  expect(project.names('drop')).toEqual(project.names('make').slice(0, 1));
});

test('a worker that is killed while its part is made leaves nothing of it', async () => {
  await using project = new SliceProject(
    custom(
      `const { existsSync } = await import('node:fs'); while (!existsSync(new URL('./go', import.meta.url))) await new Promise((next) => setTimeout(next, 10))`,
    ),
  );
  const runner = await project.join();
  const worker = await workerOf(project, runner);
  worker.order('wait', { resources: null });
  await eventually(() => (project.names('make').length === 1 ? true : undefined), 'the part to be begun');
  worker.kill('SIGKILL');
  writeFileSync(join(project.dir, 'go'), '');
  await eventually(() => (project.names('drop').length === 1 ? true : undefined), 'the part to be dropped');
  expect(project.names('drop')).toEqual(project.names('make'));
});

test('a drop that fails is told in the event log and holds nothing up', async () => {
  await using project = new SliceProject(custom('', `throw new Error('it is stuck')`));
  const worker = await project.join('worker');
  await worker.ready();
  worker.kill();
  await project.nothingLeft();
  const [{ events } = { events: [] }] = project.generations();
  const dropped = events.find((event) => event.kind === 'slice.dropped');
  expect(dropped).toMatchObject({ problems: [expect.stringContaining('it is stuck')] });
});

test('a coordinator that is killed leaves no directory of a slice', async () => {
  await using project = new Project(DIRS);
  const worker = await project.join('worker');
  const { endpoints } = await worker.ready();
  const { coordinator } = await worker.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await worker.hears('lost');
  // Its directories are the next generation's to reap.
  const next = await project.join('worker');
  await next.ready();
  expect(existsSync(dirname(endpoints.files.path))).toBe(false);
});

test('what all share cannot need what each has a part of, unless it says that it means the whole', async () => {
  const config = (more: string): string => `
    const files = dir({ slice: 'worker'${more} });
    const api = command({ run: ['node', 'service.mjs'], needs: { files }, env: ({ files }) => ({ FILES: files.path }), ready: http('/health') });
    export default defineConfig({ resources: { files, api }, linger: 0 });
  `;
  await using project = new Project(config(''));
  const refused = project.spawn('runner');
  expect(await refused.hears('failed')).toMatchObject({
    code: 'SLICE_SCOPE',
    message: expect.stringContaining('api is shared by all and needs files'),
  });
  project.configure(config(`, shared: 'base'`));
  const worker = await project.join('worker');
  await worker.ready();
});
