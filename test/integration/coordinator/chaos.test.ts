import { expect, test } from 'vitest';
import { processInfo } from '../../../src/platform/identity.ts';
import { listenersOf } from '../../../src/platform/ports.ts';
import { eventually, Project, type Member } from '../../support/project.ts';

const KINDS: Readonly<Record<string, string>> = {
  command: `command({ run: ['node', 'service.mjs'], ready: http('/health') })`,
  postgres: `postgres()`,
  redis: `redis()`,
  'command behind a gateway': `command({ run: ['node', 'service.mjs'], ready: http('/health'), gateway: {} })`,
};

const configOf = (resource: string): string =>
  `const db = ${resource};\nexport default defineConfig({ resources: { db }, linger: 0 });`;

const ALONE = { resources: ['db'], exclusive: ['db'], timeout: 20_000 };

async function act(member: Member, what: string, nth = 1): Promise<void> {
  member.order('chaos', undefined, { resource: 'db', act: what });
  expect(await member.hears('done', nth)).toBe(what);
}

async function stateOf(member: Member): Promise<any> {
  const before = member.heard.filter(({ kind }) => kind === 'status').length;
  member.order('status');
  return member.hears('status', before + 1);
}

test.each(Object.entries(KINDS))(
  '%s: killed by who has it to itself; the incident says who it was',
  async (_, kind) => {
    await using project = new Project(configOf(kind));
    const member = await project.join('worker');
    const { endpoints } = await member.ready(ALONE);
    await act(member, 'kill');
    // Answered when it is done: the incident has begun by then.
    const [incident] = await member.incidents(['db']);
    expect(incident).toMatchObject({
      failure: { exit: { signal: 'SIGKILL' } },
      stopped: { by: `lease 1, pid ${member.pid}`, at: expect.any(Number) },
    });
    await member.health('db');
    expect((await stateOf(member)).stopped).toEqual({});
    member.kill();
    await project.nothingLeft([endpoints.db.port]);
  },
);

test('stop is the stop signal, pause holds it where it is, and heal lets it go on', async () => {
  await using project = new Project(configOf(KINDS['command']!));
  const member = await project.join('worker');
  const { endpoints } = await member.ready(ALONE);
  const [listener] = await listenersOf(endpoints.db.port);
  await act(member, 'pause');
  await eventually(() => (processInfo(listener!.pid)?.state === 'T' ? true : undefined), 'the service to be stopped');
  await act(member, 'heal', 2);
  await eventually(() => (processInfo(listener!.pid)?.state !== 'T' ? true : undefined), 'the service to go on');
  expect((await fetch(endpoints.db.url)).ok).toBe(true);
  expect((await stateOf(member)).stopped).toEqual({});
  await act(member, 'stop', 3);
  expect(await member.incidents(['db'])).toMatchObject([
    { failure: { exit: { signal: 'SIGTERM' } }, stopped: { by: `lease 1, pid ${member.pid}` } },
  ]);
  await member.health('db');
  member.kill();
  await project.nothingLeft([endpoints.db.port]);
});

test('a server that is killed at its teardown ends in order when it is stopped', async () => {
  await using project = new Project(configOf(KINDS['redis']!));
  const member = await project.join('worker');
  const { endpoints } = await member.ready(ALONE);
  await act(member, 'stop');
  expect(await member.incidents(['db'])).toMatchObject([{ failure: { exit: { code: 0, signal: null } } }]);
  await member.health('db');
  member.kill();
  await project.nothingLeft([endpoints.db.port]);
});

test('without the resource to itself, of what is not there, and of what has no process, chaos is refused', async () => {
  await using project = new Project(
    `const db = custom({ start: () => ({ port: 1 }) });\nexport default defineConfig({ resources: { db }, linger: 0 });`,
  );
  const member = await project.join('worker');
  member.order('chaos', undefined, { resource: 'cache', act: 'kill' });
  expect(await member.hears('failed')).toMatchObject({ code: 'UNKNOWN_RESOURCE' });
  member.order('chaos', undefined, { resource: 'db', act: 'kill' });
  expect(await member.hears('failed', 2)).toMatchObject({
    code: 'CHAOS_FAILED',
    message: expect.stringContaining('declared'),
  });
  await member.ready();
  member.order('chaos', undefined, { resource: 'db', act: 'kill' });
  expect(await member.hears('failed', 3)).toMatchObject({
    code: 'NOT_EXCLUSIVE',
    hint: expect.stringContaining("exclusive('db')"),
  });
  await member.ready(ALONE);
  member.order('chaos', undefined, { resource: 'db', act: 'kill' });
  expect(await member.hears('failed', 4)).toMatchObject({ code: 'CHAOS_FAILED' });
  // What was not done is nobody's doing later.
  expect((await stateOf(member)).stopped).toEqual({});
  member.kill();
  await project.nothingLeft();
});

test('who asks for it exclusively waits for the others in flight, and holds those that come; a hard kill frees it', async () => {
  await using project = new Project(configOf(KINDS['command']!));
  const [user, holder, next] = [
    await project.join('worker'),
    await project.join('worker'),
    await project.join('worker'),
  ];
  const { endpoints } = await user.ready();

  holder.order('wait', { ...ALONE, timeout: 300 });
  expect(await holder.hears('failed')).toMatchObject({
    code: 'WAIT_TIMEOUT',
    message: expect.stringContaining(`db in use by lease 1, pid ${user.pid}`),
  });
  holder.order('wait', ALONE);
  await eventually(async () => ((await stateOf(next)).waiters.length === 1 ? true : undefined), 'the holder to wait');
  user.order('changed');
  expect(await user.hears('changed')).toEqual(['db']);
  user.order('rest');
  await holder.hears('ready');

  // Both are held, and take turns in the order in which they asked.
  next.order('wait', ALONE);
  await eventually(async () => ((await stateOf(holder)).waiters.length === 1 ? true : undefined), 'the next to wait');
  user.order('wait', { resources: ['db'] });
  await eventually(async () => ((await stateOf(holder)).waiters.length === 2 ? true : undefined), 'the user to wait');
  holder.kill();
  await next.hears('ready');
  expect((await stateOf(next)).waiters).toHaveLength(1);
  next.order('rest');
  await user.hears('ready', 2);
  user.kill();
  next.kill();
  await project.nothingLeft([endpoints.db.port]);
});

test('of what each worker has of its own, a worker kills its own without more ado', async () => {
  await using project = new Project(configOf(KINDS['command']!.replace(' })', ", scope: 'worker' })")));
  const [one, other] = [await project.join('worker'), await project.join('worker')];
  const before = (await one.ready()).endpoints.db;
  const others = (await other.ready()).endpoints.db;
  await act(one, 'kill');
  const [incident] = await one.incidents(['db']);
  expect(incident).toMatchObject({ slot: 1, stopped: { by: `lease 1, pid ${one.pid}` } });
  expect((await fetch((await one.ready()).endpoints.db.url)).ok).toBe(true);
  expect((await fetch(others.url)).ok).toBe(true);
  expect(await other.incidents(['db'])).toEqual([]);
  one.kill();
  other.kill();
  await project.nothingLeft([before.port, others.port]);
});
