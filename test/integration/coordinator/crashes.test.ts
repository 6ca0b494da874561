import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FaultPoint } from '../../../src/platform/fault.ts';
import { groupMembers } from '../../../src/platform/identity.ts';
import { isRunning } from '../../support/leftovers.ts';
import { eventually, Project } from '../../support/project.ts';

/** A chain, so that one is up while the other starts, with a directory and a job. */
const CONFIG = `
const prepare = command({ kind: 'job', run: ['node', '-e', '0'] });
const api = command({ run: ['node', 'service.mjs'], needs: { prepare }, ready: http('/health') });
const web = command({ run: ['node', 'service.mjs'], needs: { api }, env: ({ api }) => ({ API: api.url }), ready: http('/health') });
export default defineConfig({ resources: { prepare, api, web }, linger: 0 });
`;

const POINTS: readonly FaultPoint[] = [
  'election.listening',
  'election.linked',
  'election.reaping',
  'resource.intent',
  'resource.spawned',
  'resource.ready',
  'stop.begun',
  'stop.cleaned',
  'stop.last',
];

async function expectUsable(project: Project): Promise<void> {
  const after = await project.join();
  const { endpoints } = await after.ready();
  expect((await fetch(endpoints.web.url)).status).toBe(200);
  after.kill();
  await project.nothingLeft([endpoints.api.port, endpoints.web.port]);
}

/** Processes of the project that are neither this test's members nor a coordinator. */
function services(project: Project, coordinator: number): readonly number[] {
  const members = project.members.map(({ pid }) => pid);
  return project.running().filter((pid) => !members.includes(pid) && pid !== coordinator);
}

test.each(POINTS)(
  'I1, I3, I4: the coordinator is killed at %s; all is told, and the next generation is clean',
  async (point) => {
    await using project = new Project(CONFIG);
    const first = project.spawn('runner', { GREENROOM_FAULT: point });
    first.order('wait', { resources: null });
    // At the points of the start the runner is told; at those of the stop it has left before.
    await eventually(
      () => first.heard.find(({ kind }) => ['failed', 'lost', 'ready'].includes(kind)),
      `an answer at ${point}`,
    );
    if (point.startsWith('stop.')) first.order('leave');
    else {
      const { code } = await eventually(
        () =>
          first.heard.find(({ kind }) => kind === 'failed' || kind === 'lost')?.value as { code: string } | undefined,
        `the loss at ${point}`,
      );
      expect(['COORDINATOR_LOST', 'COORDINATOR_START_FAILED']).toContain(code);
      first.kill();
    }
    await first.ends();
    await eventually(() => (project.running().length === 0 ? true : undefined), 'everything to end without help');
    await expectUsable(project);
  },
);

test('I3, I4: a coordinator that is killed while in use: its members are told, its services die, the next one is N+1', async () => {
  await using project = new Project(CONFIG);
  const runner = await project.join();
  const { endpoints } = await runner.ready();
  const { coordinator, generation, file } = await runner.hears('joined');
  const worker = project.spawn('worker', { GREENROOM_FILE: file });
  await worker.hears('joined');

  process.kill(coordinator.pid, 'SIGKILL');
  for (const member of [runner, worker]) {
    const failure = await member.hears('lost');
    expect(failure.code).toBe('COORDINATOR_LOST');
    expect(failure.message).toContain(`pid ${coordinator.pid}`);
  }
  await eventually(() => (services(project, coordinator.pid).length === 0 ? true : undefined), 'its services to die');

  const next = await project.join();
  expect((await next.hears('joined')).generation).toBe(generation + 1);
  await next.ready();
  const follower = project.spawn('worker', { GREENROOM_FILE: file });
  expect((await follower.hears('joined')).generation, 'a worker finds it by the old file').toBe(generation + 1);
  for (const member of [runner, worker, next, follower]) member.kill();
  await project.nothingLeft([endpoints.api.port, endpoints.web.port]);
});

/** Kills the watcher of a service, and with it the first of the three things that end it when the coordinator dies. */
async function killWatcher(service: number): Promise<void> {
  const watchers = groupMembers(service).filter(({ pid }) => pid !== service);
  expect(watchers).toHaveLength(1);
  for (const { pid } of watchers) process.kill(pid, 'SIGKILL');
  await eventually(() => (groupMembers(service).length === 1 ? true : undefined), `the watcher of ${service} to die`);
}

/** The processes of a project that run this program. */
function running(project: Project, coordinator: number, program: string): number {
  // Node's own flags come first.
  const programOf = (pid: number): string | undefined =>
    commandOf(pid)
      .split('\0')
      .slice(1)
      .find((word) => !word.startsWith('--'));
  const found = services(project, coordinator).filter((pid) => programOf(pid)?.includes(program));
  expect(found, program).toHaveLength(1);
  return found[0]!;
}

test('I4: the watcher of a program of ours is killed, then the coordinator: the kernel ends it', async () => {
  await using project = new Project(`export default defineConfig({ resources: { llm: mockLlm() }, linger: 0 });`);
  const runner = await project.join();
  const { endpoints } = await runner.ready();
  const { coordinator } = await runner.hears('joined');
  await killWatcher(running(project, coordinator.pid, 'mock-llm'));
  process.kill(coordinator.pid, 'SIGKILL');
  await runner.hears('lost');
  runner.kill();
  await eventually(() => (project.running().length === 0 ? true : undefined), 'the kernel to end it');

  // Nobody was left to remove its directory, but the next generation.
  const next = await project.join();
  expect(existsSync(String(endpoints.llm.control))).toBe(false);
  next.kill();
});

test('I1, I4: the watcher of a command is killed, then the coordinator: the next generation reaps it, and nothing else', async () => {
  await using project = new Project(CONFIG);
  const runner = await project.join();
  const { endpoints } = await runner.ready();
  const { coordinator } = await runner.hears('joined');
  const { pid } = (await (await fetch(endpoints.api.url)).json()) as { pid: number };
  await killWatcher(pid);
  process.kill(coordinator.pid, 'SIGKILL');
  await runner.hears('lost');
  expect(isRunning(pid), 'nobody was left to stop it').toBe(true);
  runner.kill();

  const next = await project.join();
  await next.ready();
  expect(isRunning(pid), 'it was reaped before anything started').toBe(false);
  const events = project.generations().at(-1)!.events;
  const notes = events.filter((event) => event.kind === 'note' && event.subject === 'reaper');
  expect(notes.map((note) => ('text' in note ? note.text : ''))).toContain(`reaping api (process group ${pid})`);
  next.kill();
  await project.nothingLeft();
});

test('I4: a data directory goes with its server when the coordinator is killed, though nobody comes after', async () => {
  await using project = new Project(`export default defineConfig({ resources: { db: postgres() }, linger: 0 });`);
  const runner = await project.join();
  await runner.ready();
  const { coordinator } = await runner.hears('joined');
  expect(project.tempDirs()).not.toEqual([]);
  process.kill(coordinator.pid, 'SIGKILL');
  await runner.hears('lost');
  runner.kill();
  await eventually(() => (project.tempDirs().length === 0 ? true : undefined), 'the data directory to be removed');
});

test('a watcher that is killed costs nothing while the coordinator lives', async () => {
  await using project = new Project(CONFIG);
  const runner = await project.join();
  const { endpoints } = await runner.ready();
  const { pid } = (await (await fetch(endpoints.api.url)).json()) as { pid: number };
  await killWatcher(pid);
  expect((await fetch(endpoints.api.url)).status).toBe(200);
  runner.order('leave');
  await project.nothingLeft([endpoints.api.port]);
});

test.each(['starting', 'ready'] as const)(
  'a service that is killed while %s is told with its cause, and a retry brings it back',
  async (state) => {
    // What is healed is a test of its own.
    await using project = new Project(CONFIG.replaceAll(`ready: `, `restart: false, ready: `));
    const runner = await project.join();
    if (state === 'starting') runner.order('wait', { resources: null });
    else await runner.ready();
    const { coordinator } = await runner.hears('joined');
    const victim = await eventually(() => victimOf(project, coordinator.pid), 'a service process');
    process.kill(victim, 'SIGKILL');
    if (state === 'ready') {
      await eventually(() => {
        runner.order('status');
        const seen = runner.heard.findLast((said) => said.kind === 'status');
        return (
          Object.values((seen?.value.resources ?? {}) as Record<string, { state: string }>).some(
            (r) => r.state === 'failed',
          ) || undefined
        );
      }, 'the loss to be noticed');
      runner.order('wait', { resources: null });
    }
    const failure = await runner.hears('failed');
    expect(JSON.stringify(failure)).toMatch(/was ended by SIGKILL/);
    runner.order('retry');
    await runner.hears('retried');
    const { endpoints } = await runner.ready();
    expect((await fetch(endpoints.web.url)).status).toBe(200);
    runner.kill();
    await project.nothingLeft();
  },
);

/** A process that runs service.mjs. */
function victimOf(project: Project, coordinator: number): number | undefined {
  return services(project, coordinator).find((pid) => commandOf(pid).includes('service.mjs'));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
