import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listenersOf } from '../../../src/platform/ports.ts';
import { isRunning } from '../../support/leftovers.ts';
import { eventually, Project, type Member } from '../../support/project.ts';
import { ask as askRedis } from '../../support/redis.ts';
import { ask as askSql } from '../../support/sql.ts';

async function pidAt(port: number): Promise<number> {
  const [listener] = await listenersOf(port);
  if (listener === undefined) throw new Error(`nobody listens on port ${port}`);
  return listener.pid;
}

async function signalAt(port: number, signal: NodeJS.Signals): Promise<number> {
  const pid = await pidAt(port);
  process.kill(pid, signal);
  return pid;
}

/** How a resource stands, as the coordinator says it now. */
async function stateOf(member: Member, name: string): Promise<string> {
  const before = member.heard.filter(({ kind }) => kind === 'status').length;
  member.order('status');
  return (await member.hears('status', before + 1)).resources[name].state;
}

const KINDS: Readonly<Record<string, string>> = {
  command: `command({ run: ['node', 'service.mjs'], ready: http('/health'), HEALTHY })`,
  postgres: `postgres({ HEALTHY })`,
  redis: `redis({ HEALTHY })`,
  mockLlm: `mockLlm({ HEALTHY })`,
  'command behind a gateway': `command({ run: ['node', 'service.mjs'], ready: http('/health'), gateway: {}, HEALTHY })`,
};

const configOf = (resource: string, more = ''): string =>
  `${more}\nconst db = ${resource};\nexport default defineConfig({ resources: { db }, linger: 0 });`;

test.each(Object.entries(KINDS))(
  '%s: killed while in use, it comes back at the same address, as one incident that says how it ended',
  async (kind, resource) => {
    await using project = new Project(configOf(resource.replace('HEALTHY', '')));
    const member = await project.join(kind.includes('gateway') ? 'runner' : 'worker');
    const { endpoints } = await member.ready();
    const { epoch, ...before } = endpoints.db;
    if (kind === 'postgres') await askSql(before.url, 'create table kept (id int); insert into kept values (7)');
    const server = kind.includes('gateway') ? await serverBehind(project) : before.port;
    const killed = await signalAt(server, 'SIGKILL');

    expect(await member.health('db')).toBe(1);
    const again = await member.ready();
    expect(again.endpoints.db).toEqual({ ...before, epoch: epoch + 1 });
    const [incident, ...others] = await member.incidents(['db']);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      id: 'I-1',
      resource: 'db',
      noticed: 'lost',
      failure: { code: 'RESOURCE_LOST', exit: { code: null, signal: 'SIGKILL' } },
      restarts: 1,
      addresses: expect.arrayContaining([`127.0.0.1:${before.port}`]),
    });
    expect(incident!.until).toBeGreaterThanOrEqual(incident!.from);
    member.order('changed');
    expect(await member.hears('changed')).toEqual(['db']);

    if (kind === 'postgres') expect(await askSql(before.url, 'select id from kept')).toBe(7);
    else if (kind === 'redis') expect(await askRedis(before.url, (client) => client.ping())).toBe('PONG');
    else expect((await fetch(before.url)).status).toBeLessThan(500);
    expect(isRunning(killed)).toBe(false);
    member.kill();
    await project.nothingLeft([before.port]);
  },
);

/** The port that the service itself was told. */
async function serverBehind(project: Project): Promise<number> {
  for (const pid of project.running()) {
    const listening = await portOf(pid);
    if (listening !== undefined) return listening;
  }
  throw new Error('no service');
}

async function portOf(pid: number): Promise<number | undefined> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.startsWith('node\0service.mjs')) return undefined;
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  return Number(/(?:^|\0)PORT=(\d+)/.exec(environment)?.[1]);
}

test.each(Object.entries(KINDS).filter(([kind]) => ['command', 'postgres', 'redis'].includes(kind)))(
  '%s: stopped (SIGSTOP), its checks do not come back, and it is brought back',
  async (kind, resource) => {
    const probe =
      kind === 'postgres'
        ? `sql('select true', OPTIONS)`
        : kind === 'redis'
          ? `{ probe: 'redis', ...OPTIONS }`
          : `http('/health', OPTIONS)`;
    const healthy = `healthy: ${probe.replace('OPTIONS', '{ interval: 50, timeout: 400 }')}`;
    await using project = new Project(configOf(resource.replace('HEALTHY', healthy)));
    const member = await project.join('worker');
    const { endpoints } = await member.ready();
    await member.health('db', 'checks', 2);
    const stopped = await signalAt(endpoints.db.port, 'SIGSTOP');
    await member.health('db');
    const [incident] = await member.incidents(['db']);
    expect(incident).toMatchObject({ noticed: 'check-error', failure: { code: 'RESOURCE_UNHEALTHY' }, restarts: 1 });
    expect(incident!.checks.length).toBeGreaterThanOrEqual(2);
    expect(isRunning(stopped)).toBe(false);
    expect(await stateOf(member, 'db')).toBe('ready');
    member.kill();
    await project.nothingLeft([endpoints.db.port]);
  },
);

test('without a probe of its own, it is checked when somebody asks; a passing trouble is no restart', async () => {
  await using project = new Project(configOf(KINDS['command']!.replace('HEALTHY', '')));
  writeFileSync(
    join(project.dir, 'service.mjs'),
    `import { createServer } from 'node:http';
let ill = 0;
createServer((request, response) => {
  if (request.url === '/fall-ill') ill = 1;
  response.writeHead(request.url === '/health' && ill-- > 0 ? 503 : 200).end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');`,
  );
  const member = await project.join();
  const { endpoints } = await member.ready();
  expect(await member.incidents(['db'], { check: true })).toEqual([]);
  await fetch(`${endpoints.db.url}/fall-ill`);
  const [incident] = await member.incidents(['db'], { check: true });
  expect(incident).toMatchObject({ noticed: 'reported', checks: [{ what: 'reported' }] });
  expect(incident).not.toHaveProperty('until');
  await member.health('db');
  expect(await member.incidents(['db'])).toMatchObject([{ id: 'I-1', restarts: 0, until: expect.any(Number) }]);
  expect((await member.ready()).endpoints.db).toEqual(endpoints.db);
  member.kill();
  await project.nothingLeft([endpoints.db.port]);
});

test.each(['raise', 'return'] as const)(
  'R13: what the check tells by a %s is healed by the user’s own function',
  async (style) => {
    const fail = style === 'raise' ? `throw new Error('no pulse')` : 'return false';
    await using project = new Project(
      configOf(
        `custom({
  start: () => ({ file: 'alive' }),
  healthy: check(() => { if (!fs.existsSync('ill')) return true; ${fail}; }, { interval: 50 }),
  heal: (endpoint, why) => { fs.writeFileSync('healed', endpoint.file + ' ' + why.code); fs.rmSync('ill'); },
})`,
        `const fs = process.getBuiltinModule('fs');`,
      ),
    );
    const member = await project.join();
    await member.ready();
    const checks = await member.health('db', 'checks', 2);
    writeFileSync(join(project.dir, 'ill'), '');
    await member.health('db');
    expect(await member.health('db', 'checks', checks + 2)).toBeGreaterThan(checks);
    const noticed = style === 'raise' ? 'check-error' : 'reported';
    expect(await member.incidents(['db'])).toMatchObject([{ noticed, restarts: 1, until: expect.any(Number) }]);
    member.kill();
    await project.nothingLeft();
  },
);

const CRASHING = `import { existsSync, appendFileSync } from 'node:fs';
appendFileSync('starts', 'x');
if (existsSync('broken')) { console.log('broken for good'); process.exit(9); }
import('./service.mjs');`;

test('a crash loop uses its budget up; who was held is told the incident, and a retry starts it anew', async () => {
  await using project = new Project(
    configOf(`command({ run: ['node', 'crashing.mjs'], ready: http('/health'), restart: { max: 2, backoff: 20 } })`),
  );
  writeFileSync(join(project.dir, 'crashing.mjs'), CRASHING);
  const [member, waiting] = [await project.join(), await project.join()];
  const { endpoints } = await member.ready();
  writeFileSync(join(project.dir, 'broken'), '');
  await signalAt(endpoints.db.port, 'SIGKILL');
  await eventually(
    async () => ((await stateOf(member, 'db')) === 'ready' ? undefined : true),
    'the loss to be noticed',
  );
  waiting.order('wait', { resources: null });
  const failure = await waiting.hears('failed');
  expect(failure).toMatchObject({
    code: 'RESOURCE_LOST',
    subject: 'db',
    cause: { message: expect.stringContaining('code 9') },
  });
  expect(failure.message).toBe('db was not healed (incident I-1, 2 restarts)');
  expect(readFileSync(join(project.dir, 'starts'), 'utf8')).toBe('xxx');
  expect(await member.incidents(['db'])).toMatchObject([{ restarts: 2, gaveUp: { code: 'RESOURCE_LOST' } }]);
  rmSync(join(project.dir, 'broken'));
  member.order('retry');
  await member.hears('retried');
  await member.ready();
  expect(await member.incidents(['db'])).toMatchObject([{ id: 'I-1', until: expect.any(Number) }]);
  for (const one of [member, waiting]) one.kill();
  await project.nothingLeft();
});

test('with `restart: false`, what is lost has failed', async () => {
  await using project = new Project(configOf(KINDS['command']!.replace('HEALTHY', 'restart: false')));
  const member = await project.join();
  const { endpoints } = await member.ready();
  await signalAt(endpoints.db.port, 'SIGKILL');
  await eventually(async () => ((await stateOf(member, 'db')) === 'failed' ? true : undefined), 'the failure');
  member.order('wait', { resources: null });
  expect(await member.hears('failed')).toMatchObject({ code: 'RESOURCE_LOST', exit: { signal: 'SIGKILL' } });
  expect(await member.incidents(['db'])).toMatchObject([{ restarts: 0, gaveUp: { code: 'RESOURCE_LOST' } }]);
  member.kill();
  await project.nothingLeft();
});

test('who needs it is held until it is healed, and who does not goes on; what stands on it stays', async () => {
  await using project = new Project(`
const db = command({ run: ['node', 'slow.mjs'], ready: http('/health') });
const web = command({ run: ['node', 'service.mjs'], needs: { db }, ready: http('/health') });
const other = command({ run: ['node', 'service.mjs'], ready: http('/health') });
const open = gate({ needs: { db }, probe: http('db', '/catalog') });
export default defineConfig({ resources: { db, web, other }, gates: { open }, linger: 0 });`);
  writeFileSync(
    join(project.dir, 'slow.mjs'),
    `import { existsSync } from 'node:fs';
while (existsSync('hold')) await new Promise((resolve) => setTimeout(resolve, 20));
await import('./service.mjs');`,
  );
  const [member, held] = [await project.join(), await project.join()];
  const { endpoints } = await member.ready({ resources: null, gates: [{ name: 'open' }] });
  const web = await pidAt(endpoints.web.port);
  writeFileSync(join(project.dir, 'hold'), '');
  await signalAt(endpoints.db.port, 'SIGKILL');
  await eventually(async () => ((await stateOf(member, 'db')) === 'restarting' ? true : undefined), 'the restart');
  held.order('wait', { resources: ['web'], gates: [{ name: 'open' }] });
  await member.ready({ resources: ['other'] });
  expect(held.heard.some(({ kind }) => kind === 'ready' || kind === 'failed')).toBe(false);
  rmSync(join(project.dir, 'hold'));
  await held.hears('ready');
  expect(await pidAt(endpoints.web.port), 'same address, so what needs it stays').toBe(web);
  for (const one of [member, held]) one.kill();
  await project.nothingLeft();
});

test('what comes back at another address is no longer what its dependents were given: they start again', async () => {
  await using project = new Project(`
const db = command({ run: ['node', 'elsewhere.mjs'], port: false, ready: log(/at (?<port>\\d+)/) });
const web = command({ run: ['node', 'service.mjs'], needs: { db }, ready: http('/health') });
export default defineConfig({ resources: { db, web }, linger: 0 });`);
  writeFileSync(
    join(project.dir, 'elsewhere.mjs'),
    `import { createServer } from 'node:http';
const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1', () => console.log('at ' + server.address().port));`,
  );
  const member = await project.join();
  const { endpoints } = await member.ready();
  const web = await pidAt(endpoints.web.port);
  await signalAt(endpoints.db.port, 'SIGKILL');
  await member.health('db');
  const again = await member.ready();
  expect(again.endpoints.db.port).not.toBe(endpoints.db.port);
  expect(await pidAt(again.endpoints.web.port)).not.toBe(web);
  expect(again.endpoints.web.epoch).toBe(2);
  member.kill();
  await project.nothingLeft();
});

test('a worker’s own service that is killed is an incident of that worker alone', async () => {
  await using project = new Project(configOf(KINDS['command']!.replace('HEALTHY', `scope: 'worker'`)));
  const [one, other] = [await project.join('worker'), await project.join('worker')];
  const { endpoints } = await one.ready();
  await other.ready();
  await signalAt(endpoints.db.port, 'SIGKILL');
  await eventually(async () => ((await one.incidents(['db'])).length > 0 ? true : undefined), 'the incident');
  expect(await other.incidents(['db'])).toEqual([]);
  const again = await one.ready();
  expect((await fetch(again.endpoints.db.url)).status).toBe(200);
  expect(await one.incidents(['db'])).toMatchObject([{ slot: 1, until: expect.any(Number), noticed: 'lost' }]);
  for (const member of [one, other]) member.kill();
  await project.nothingLeft();
});

test('five phases on a real PostgreSQL: start, fail, open, heal, recover', async () => {
  await using project = new Project(`
const db = postgres({ slice: 'worker', healthy: sql('select true', { interval: 100 }) });
export default defineConfig({ resources: { db }, linger: 0, workers: 2 });`);
  const [user, held] = [await project.join('worker'), await project.join('worker')];
  const { endpoints } = await user.ready();
  await askSql(endpoints.db.url, 'create table orders (id int); insert into orders values (1)');
  const { coordinator } = await user.hears('joined');

  const killed = await signalAt(endpoints.db.port, 'SIGKILL');
  held.order('wait', { resources: null });
  await user.health('db');
  await held.hears('ready');
  const again = await user.ready();

  expect(again.endpoints.db, 'its own database').toEqual(endpoints.db);
  expect(await askSql(endpoints.db.url, 'select count(*)::int from orders')).toBe(1);
  const kinds = project
    .generations()[0]!
    .events.flatMap((event) =>
      'resource' in event && event.resource === 'db' && ['ready', 'failed'].includes(event.kind) ? [event.kind] : [],
    );
  expect(kinds).toEqual(['ready', 'failed', 'ready']);
  expect(await user.incidents(['db'])).toHaveLength(1);
  expect(await pidAt(endpoints.db.port)).not.toBe(killed);
  expect(isRunning(coordinator.pid)).toBe(true);
  for (const member of [user, held]) member.kill();
  await project.nothingLeft([endpoints.db.port]);
});

test('I4: the coordinator is killed while it brings something back: nothing is left', async () => {
  await using project = new Project(configOf(`command({ run: ['node', 'slow.mjs'], ready: http('/health') })`));
  writeFileSync(
    join(project.dir, 'slow.mjs'),
    `import { existsSync } from 'node:fs';
if (existsSync('hold')) setInterval(() => {}, 1000); else await import('./service.mjs');`,
  );
  const member = await project.join();
  const { endpoints } = await member.ready();
  const { coordinator } = await member.hears('joined');
  writeFileSync(join(project.dir, 'hold'), '');
  await signalAt(endpoints.db.port, 'SIGKILL');
  await eventually(async () => ((await stateOf(member, 'db')) === 'restarting' ? true : undefined), 'the restart');
  process.kill(coordinator.pid, 'SIGKILL');
  await member.hears('lost');
  member.kill();
  await eventually(() => (project.running().length === 0 ? true : undefined), 'everything to end without help');
});
