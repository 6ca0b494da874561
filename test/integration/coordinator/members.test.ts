import { expect, test } from 'vitest';
import { eventually, Project } from '../../support/project.ts';
import { isRunning } from '../../support/leftovers.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
export default defineConfig({ resources: { api }, linger: 0 });
`;

const servicePid = async (url: string): Promise<number> => {
  const answer = (await (await fetch(url)).json()) as { pid: number };
  return answer.pid;
};

test('I1, I4: twelve cold processes at once start one coordinator and one service, which end after the last', async () => {
  await using project = new Project(CONFIG);
  const members = Array.from({ length: 12 }, (_, index) => project.spawn(index % 3 === 0 ? 'runner' : 'worker'));
  const welcomes = await Promise.all(members.map((member) => member.hears('joined')));
  const replies = await Promise.all(members.map((member) => member.ready()));

  expect(new Set(welcomes.map((welcome) => welcome.coordinator.pid)).size).toBe(1);
  expect(new Set(replies.map((reply) => reply.endpoints.api.url)).size).toBe(1);
  const slots = welcomes.flatMap((welcome) => welcome.slot ?? []);
  expect(slots.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const pid = await servicePid(replies[0].endpoints.api.url);
  for (const member of members.slice(1)) member.order('leave');
  await Promise.all(members.slice(1).map((member) => member.ends()));
  expect(isRunning(pid), 'it lives while one lease does').toBe(true);

  members[0]!.order('leave');
  await project.nothingLeft([replies[0].endpoints.api.port]);
  const [generation, ...more] = project.generations();
  expect(more).toEqual([]);
  expect(generation!.events.filter((event) => event.kind === 'ready').length, 'started once').toBe(1);
});

test('I2, I7: a worker that is killed gives its lease and slot back, and only its own', async () => {
  await using project = new Project(CONFIG);
  const runner = await project.join();
  const { endpoints } = await runner.ready();
  const { file } = await runner.hears('joined');
  const workers = [1, 2, 3].map(() => project.spawn('worker', { GREENROOM_FILE: file }));
  const slots = await Promise.all(workers.map(async (worker) => (await worker.hears('joined')).slot as number));
  expect(new Set(slots)).toEqual(new Set([1, 2, 3]));

  for (let round = 0; round < 5; round += 1) {
    const victim = workers[round % 3]!;
    const { slot, lease } = await victim.hears('joined');
    victim.kill('SIGKILL');
    await eventually(async () => {
      runner.order('status');
      const seen = runner.heard.findLast((said) => said.kind === 'status');
      return seen && !(lease in seen.value.leases) ? true : undefined;
    }, `lease ${lease} to be released`);
    const next = project.spawn('worker', { GREENROOM_FILE: file });
    workers[round % 3] = next;
    expect((await next.hears('joined')).slot).toBe(slot);
  }
  expect(await servicePid(endpoints.api.url), 'nobody tore it down').toBeGreaterThan(0);
  for (const member of [...workers, runner]) member.kill('SIGKILL');
  await project.nothingLeft([endpoints.api.port]);
});

test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'I4: a runner that is ended by %s leaves nothing, while it starts and when it is ready',
  async (signal) => {
    await using project = new Project(CONFIG);
    const starting = await project.join();
    starting.order('wait', { resources: null });
    starting.kill(signal);
    await project.nothingLeft();

    const ready = await project.join();
    const { endpoints } = await ready.ready();
    ready.kill(signal);
    await project.nothingLeft([endpoints.api.port]);
  },
);

test('a busy event loop is not a death: the lease stays, nothing is torn down', async () => {
  await using project = new Project(CONFIG.replace('linger: 0', 'linger: 0, leaseTimeout: 250'));
  const member = await project.join('worker');
  const { endpoints } = await member.ready();
  member.order('block');
  member.order('status');
  const { leases, phase } = await member.hears('status');
  expect(Object.keys(leases)).toEqual(['L1']);
  expect(phase).toBe('open');
  expect(await servicePid(endpoints.api.url)).toBeGreaterThan(0);
  member.order('leave');
  await project.nothingLeft();
});

test('I7: a frozen worker loses its lease after the time-out, keeps its slot occupied, and is told when it wakes', async () => {
  await using project = new Project(CONFIG.replace('linger: 0', 'linger: 0, leaseTimeout: 300'));
  const runner = await project.join();
  const { file } = await runner.hears('joined');
  await runner.ready();
  const frozen = project.spawn('worker', { GREENROOM_FILE: file });
  expect((await frozen.hears('joined')).slot).toBe(1);
  frozen.kill('SIGSTOP');
  await eventually(() => {
    runner.order('status');
    const seen = runner.heard.findLast((said) => said.kind === 'status');
    return seen && Object.values(seen.value.quarantine).includes(1) ? true : undefined;
  }, 'the frozen lease to be revoked');

  const others = [];
  for (const slot of [2, 3, 4, 5, 6]) {
    const other = project.spawn('worker', { GREENROOM_FILE: file });
    others.push(other);
    expect((await other.hears('joined')).slot, 'slot 1 is in quarantine for as long as its process lives').toBe(slot);
  }
  frozen.kill('SIGCONT');
  expect((await frozen.hears('lost')).code).toBe('LEASE_REVOKED');
  const late = project.spawn('worker', { GREENROOM_FILE: file });
  expect((await late.hears('joined')).slot, 'it is awake, and still believes to be slot 1').toBe(7);
  frozen.kill();
  await frozen.ends();
  await eventually(() => {
    runner.order('status');
    const seen = runner.heard.findLast((said) => said.kind === 'status');
    return Object.keys(seen?.value.quarantine as object).length === 0 ? true : undefined;
  }, 'the quarantine to end with its process');
  const next = project.spawn('worker', { GREENROOM_FILE: file });
  expect((await next.hears('joined')).slot).toBe(1);
  for (const member of [...others, late, next, runner]) member.kill('SIGKILL');
  await project.nothingLeft();
});

test('two different configs run side by side and do not see each other', async () => {
  await using one = new Project(CONFIG);
  await using two = new Project(CONFIG.replace('linger: 0', 'linger: 1'));
  const [a, b] = [await one.join(), await two.join()];
  const [left, right] = [await a.ready(), await b.ready()];
  expect(left.endpoints.api.port).not.toBe(right.endpoints.api.port);
  a.kill();
  await one.nothingLeft([left.endpoints.api.port]);
  expect(await servicePid(right.endpoints.api.url)).toBeGreaterThan(0);
  b.kill();
  await two.nothingLeft([right.endpoints.api.port]);
});

test('a member inside of a run joins what the run is on, though the run has changed what the key covers', async () => {
  await using project = new Project(`
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
export default defineConfig({ resources: { api }, env: ({ api }) => ({ API: api.url }), passEnv: ['API'], linger: 0 });`);
  const outer = await project.join();
  const { env } = await outer.ready();
  const { file, key } = await outer.hears('joined');
  const inner = await project.join('runner', { API: env.API, GREENROOM_FILE: file, GREENROOM_RUN: 'test' });
  expect(await inner.hears('joined')).toMatchObject({ key, generation: 1, leases: 2 });
  const shell = await project.join('runner', { API: env.API, GREENROOM_FILE: file });
  expect((await shell.hears('joined')).key, 'not inside of a run').not.toBe(key);
  for (const member of [inner, shell, outer]) member.kill();
  await project.nothingLeft();
});
