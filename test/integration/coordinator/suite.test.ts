import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, Project } from '../../support/project.ts';
import { REPOSITORY } from '../../support/copy.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
export default defineConfig({
  resources: { api },
  suite: { module: './suite.ts', startTimeout: 5_000, stopTimeout: 1_000 },
  linger: 0,
});
`;

/** A suite module that writes what happens to it into `journal`. */
const suite = (body = ''): string => `
import { appendFileSync } from 'node:fs';
import { synchronizedAfterSuite, synchronizedBeforeSuite } from ${JSON.stringify(join(REPOSITORY, 'src/suite/index.ts'))};
const journal = new URL('./journal', import.meta.url);
const write = (line) => appendFileSync(journal, line + '\\n');
synchronizedBeforeSuite(async ({ api }, { onCleanup, skip, signal }) => {
  write('before ' + new URL(api.url).port);
  ${body}
  return { answer: 42 };
});
synchronizedAfterSuite(() => undefined, async ({ api }) => {
  const { ok } = await fetch(api.url);
  write('after ' + ok);
});
`;

class SuiteProject extends Project {
  constructor(body?: string) {
    super(CONFIG);
    writeFileSync(join(this.dir, 'journal'), '');
    writeFileSync(join(this.dir, 'suite.ts'), suite(body));
  }

  /** The journal's lines, each cut to its first word. */
  journal(): readonly string[] {
    const text = readFileSync(join(this.dir, 'journal'), 'utf8').trim();
    return text === '' ? [] : text.split('\n').map((line) => line.split(' ')[0]!);
  }
}

const SUITE = { resources: ['suite'] };

test('the once bodies run exactly once, for all members, and the last to finish runs the final one', async () => {
  await using project = new SuiteProject();
  const members = await Promise.all(Array.from({ length: 6 }, () => project.join()));
  const replies = await Promise.all(members.map((member) => member.ready(SUITE)));
  expect(replies.map((reply) => reply.endpoints.suite.value)).toEqual(members.map(() => ({ answer: 42 })));
  for (const member of members) {
    member.order('finish');
    await member.hears('finished');
  }
  const lasts = await Promise.all(members.map(async (member) => (await member.hears('finished')).last as boolean));
  expect(lasts).toEqual([false, false, false, false, false, true]);
  expect(project.journal()).toEqual(['before', 'after']);
  for (const member of members) member.order('leave');
  await project.nothingLeft();
  expect(project.journal(), 'not once more with the end of the generation').toEqual(['before', 'after']);
});

test('members that finish at the same moment: exactly one of them is the last', async () => {
  await using project = new SuiteProject();
  const members = await Promise.all(Array.from({ length: 6 }, () => project.join()));
  await Promise.all(members.map((member) => member.ready(SUITE)));
  for (const member of members) member.order('finish');
  const replies = await Promise.all(members.map((member) => member.hears('finished')));
  expect(replies.filter((reply) => reply.last)).toHaveLength(1);
  expect(project.journal()).toEqual(['before', 'after']);
});

test('what the final body throws is told to the run that asked', async () => {
  await using project = new SuiteProject(`onCleanup(() => { throw new Error('stuck door'); });`);
  const member = await project.join();
  await member.ready(SUITE);
  member.order('finish');
  expect(await member.hears('finished')).toMatchObject({
    last: true,
    failure: { code: 'AFTER_SUITE_FAILED', message: expect.stringContaining('stuck door') },
  });
  expect(project.journal()).toEqual(['before', 'after']);
});

test.each([
  ["throw new Error('no licence')", /^the `once` body of synchronizedBeforeSuite threw: no licence$/, /suite\.ts:8$/],
  [
    'return { stop() {} }',
    /^what the `once` body of synchronizedBeforeSuite returned is no JSON: it\.stop is a function$/,
    /suite\.ts$/,
  ],
  [
    "return 'x'.repeat(2 ** 21)",
    /^what the `once` body of synchronizedBeforeSuite returned exceeds 1048576 bytes$/,
    /suite\.ts$/,
  ],
])('what is wrong with a first body is said with the suite module: %s', async (body, message, place) => {
  await using project = new SuiteProject(body);
  const member = await project.join();
  member.order('wait', SUITE);
  expect(await member.hears('failed')).toMatchObject({
    code: 'FUNCTION_FAILED',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(place),
  });
});

test('what a suite module throws when it is imported is said with its line', async () => {
  await using project = new SuiteProject();
  writeFileSync(join(project.dir, 'suite.ts'), "const at: number = 1;\nthrow new Error('boom' + at);\n");
  const member = await project.join();
  member.order('wait', SUITE);
  expect(await member.hears('failed')).toMatchObject({
    code: 'CONFIG_LOAD_FAILED',
    message: expect.stringContaining('boom1'),
    hint: expect.stringMatching(/^correct it at .*suite\.ts:2$/),
  });
});

test('the final body runs without anybody who asks, when the last member was killed', async () => {
  await using project = new SuiteProject();
  const members = await Promise.all([project.join('runner'), project.join('worker')]);
  await Promise.all(members.map((member) => member.ready(SUITE)));
  for (const member of members) member.kill('SIGKILL');
  await project.nothingLeft();
  expect(project.journal()).toEqual(['before', 'after']);
});

test('who joins after the last has finished gets a new start of the suite', async () => {
  await using project = new SuiteProject();
  const first = await project.join();
  await first.ready(SUITE);
  first.order('finish');
  await first.hears('finished');
  const second = await project.join();
  await second.ready(SUITE);
  expect(project.journal()).toEqual(['before', 'after', 'before']);
  expect(project.generations()).toHaveLength(1);
  second.order('finish');
  expect(await second.hears('finished')).toEqual({ last: true });
});

test('who joins while the final body runs waits for its end and gets a new start', async () => {
  await using project = new SuiteProject(
    `onCleanup(async () => {
      write('held');
      const { existsSync } = await import('node:fs');
      while (!existsSync(new URL('./go', import.meta.url))) await new Promise((next) => setTimeout(next, 10));
    });`,
  );
  const first = await project.join();
  await first.ready(SUITE);
  first.order('finish');
  await eventually(() => project.journal().includes('held') || undefined, 'the clean-up to begin');
  const second = await project.join();
  second.order('wait', SUITE);
  expect(project.journal().filter((word) => word === 'before')).toHaveLength(1);
  appendFileSync(join(project.dir, 'go'), '');
  await second.hears('ready');
  expect(project.journal()).toEqual(['before', 'after', 'held', 'before']);
});

test('a first body that fails is told to all, once, and the final one still runs', async () => {
  await using project = new SuiteProject(`throw new Error('no licence');`);
  const members = await Promise.all([project.join(), project.join('worker')]);
  for (const member of members) member.order('wait', SUITE);
  const failures = await Promise.all(members.map((member) => member.hears('failed')));
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: 'FUNCTION_FAILED', message: expect.stringContaining('no licence') });
  }
  for (const member of members) member.kill();
  await project.nothingLeft();
  expect(project.journal()).toEqual(['before', 'after']);
});

test('a first body that hangs ends at its deadline, for everybody', async () => {
  await using project = new SuiteProject(`await new Promise(() => {});`);
  const config = readFileSync(join(project.dir, 'greenroom.config.mjs'), 'utf8');
  writeFileSync(join(project.dir, 'greenroom.config.mjs'), config.replace('startTimeout: 5_000', 'startTimeout: 300'));
  const members = await Promise.all([project.join(), project.join()]);
  for (const member of members) member.order('wait', SUITE);
  for (const member of members) {
    expect(await member.hears('failed')).toMatchObject({ message: expect.stringContaining('300 ms') });
  }
});

test('a first body that nobody waits for any more is called off, and the final one runs after it', async () => {
  await using project = new SuiteProject(
    `await new Promise((_, end) => signal.addEventListener('abort', () => { write('called-off'); end(signal.reason); }));`,
  );
  const member = await project.join();
  member.order('wait', SUITE);
  await eventually(() => project.journal().includes('before') || undefined, 'the first body to begin');
  member.kill('SIGKILL');
  await project.nothingLeft();
  expect(project.journal()).toEqual(['before', 'called-off', 'after']);
});

test('a suite that skips says why, and its final body runs', async () => {
  await using project = new SuiteProject(`skip('no GPU here');`);
  const member = await project.join();
  const { endpoints } = await member.ready(SUITE);
  expect(endpoints.suite).toMatchObject({ skipped: 'no GPU here' });
  member.order('finish');
  expect(await member.hears('finished')).toEqual({ last: true });
  expect(project.journal()).toEqual(['before', 'after']);
});

test('who does not ask for the suite does not start it', async () => {
  await using project = new SuiteProject();
  const member = await project.join();
  const { endpoints } = await member.ready();
  expect(Object.keys(endpoints)).toEqual(['api']);
  member.order('finish');
  expect(await member.hears('finished')).toEqual({ last: true });
  expect(project.journal()).toEqual([]);
});

test('the config host dies with the suite up: it is lost, and the final body runs in the next host', async () => {
  await using project = new SuiteProject(`write('pid ' + process.pid);`);
  const member = await project.join();
  await member.ready(SUITE);
  const [, line] = readFileSync(join(project.dir, 'journal'), 'utf8').split('\n');
  process.kill(Number(line!.split(' ')[1]), 'SIGKILL');
  await eventually(() => {
    const [{ events } = { events: [] }] = project.generations();
    return events.find((event) => event.kind === 'failed' && event.resource === 'suite');
  }, 'the suite to be lost');
  await eventually(() => project.journal().includes('after') || undefined, 'the final body to run');
  member.order('finish');
  expect(await member.hears('finished')).toEqual({ last: true });
});

test('a lease is shared by two connections, and lives until both are closed', async () => {
  await using project = new SuiteProject();
  const runner = await project.join();
  const holder = await project.join('worker');
  const { ticket, slot, lease, file } = await holder.hears('joined');
  const worker = project.spawn('worker', { GREENROOM_FILE: file, GREENROOM_LEASE: ticket });
  expect(await worker.hears('joined')).toMatchObject({ slot, lease });
  const third = project.spawn('worker', { GREENROOM_FILE: file, GREENROOM_LEASE: ticket });
  expect((await third.hears('joined')).slot, 'a lease has two connections at most').not.toBe(slot);

  const leases = async (): Promise<Record<string, { pid: number }>> => {
    const before = runner.heard.filter((said) => said.kind === 'status').length;
    runner.order('status');
    return (await runner.hears('status', before + 1)).leases;
  };
  expect((await leases())[lease]?.pid).toBe(worker.pid);
  holder.kill('SIGKILL');
  await holder.ends();
  expect(await leases()).toHaveProperty(lease);
  await worker.ready();
  worker.kill('SIGKILL');
  await eventually(async () => (lease in (await leases()) ? undefined : true), 'the lease to be released');
});

test('a lease of an earlier generation is none of this one', async () => {
  await using project = new SuiteProject();
  const first = await project.join('worker');
  const { ticket } = await first.hears('joined');
  first.kill();
  await project.nothingLeft();
  const runner = await project.join('worker');
  const { file, slot } = await runner.hears('joined');
  const worker = project.spawn('worker', { GREENROOM_FILE: file, GREENROOM_LEASE: ticket });
  expect((await worker.hears('joined')).slot).not.toBe(slot);
});

test('a failure that no file can carry is an event of its lease', async () => {
  await using project = new SuiteProject();
  const worker = await project.join('worker');
  const { lease } = await worker.hears('joined');
  worker.order('report');
  await eventually(() => {
    const [{ events } = { events: [] }] = project.generations();
    return events.find((event) => event.kind === 'reported' && event.lease === lease);
  }, 'the report to be recorded');
});

test('a suite module that is not there is a mistake in the config', async () => {
  await using project = new SuiteProject();
  writeFileSync(
    join(project.dir, 'greenroom.config.mjs'),
    readFileSync(join(project.dir, 'greenroom.config.mjs'), 'utf8').replace('./suite.ts', './sweet.ts'),
  );
  const member = project.spawn('runner');
  expect(await member.hears('failed')).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('./sweet.ts'),
  });
  expect(existsSync(join(project.dir, '.greenroom'))).toBe(false);
});
