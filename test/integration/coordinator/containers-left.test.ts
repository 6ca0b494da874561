import { randomInt } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { hasPodman, leftInPodman, linesOf, podman } from '../../support/engine.ts';
import { imagesOf } from '../../support/image-contexts.ts';
import { serviceImage } from '../../support/images.ts';
import { processesWith } from '../../support/leftovers.ts';
import { eventually, Project } from '../../support/project.ts';

const configOf = (image: string): string => `
  const api = container({ image: '${image}', port: 8080, ready: http('/health') });
  export default defineConfig({ resources: { api }, linger: 0 });`;

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
}

async function containersOf(project: Project): Promise<readonly Inspected[]> {
  const [key = ''] = project.keys;
  const ids = linesOf(await podman('ps', '--all', '--quiet', '--filter', `label=greenroom.key=${key}`));
  return ids.length === 0 ? [] : (JSON.parse(await podman('container', 'inspect', ...ids)) as readonly Inspected[]);
}

/** The engine's own, which are not Greenroom's to kill. */
const isEngines = (pid: number): boolean => {
  try {
    return ['conmon', 'podman'].includes(basename(readlinkSync(`/proc/${pid}/exe`)));
  } catch {
    return true; // it has ended
  }
};

test.skipIf(!hasPodman())(
  'what nobody was left to remove, the next generation does: what runs, and what was never started',
  async () => {
    const image = await serviceImage();
    await using project = new Project(configOf(image));
    const first = await project.join();
    await first.ready();
    const [running, ...others] = await containersOf(project);
    expect(others).toEqual([]);
    // As a start leaves it that fails for want of a port: never started, and its name is taken.
    const labels = Object.entries(running!.Config.Labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
    await podman('create', '--pull=never', '--name', `${running!.Name}-again`, ...labels, image);

    // All of it at once, so that no process beside a container can do anything.
    const doomed = project.running().filter((pid) => pid !== first.pid && !isEngines(pid));
    for (const pid of doomed) process.kill(pid, 'SIGSTOP');
    for (const pid of doomed) process.kill(pid, 'SIGKILL');
    await first.hears('lost');
    first.kill();
    const left = await containersOf(project);
    expect(left).toHaveLength(2);

    const second = await project.join();
    await second.ready();
    const now = await containersOf(project);
    expect(now).toHaveLength(1);
    expect(left.map(({ Id }) => Id)).not.toContain(now[0]!.Id);
    // Its container, and its network.
    expect(await leftInPodman(project.keys)).toHaveLength(2);
    second.order('leave');
    await project.nothingLeft();
  },
);

test.skipIf(!hasPodman())(
  'a build whose coordinator is killed in a step ends with it, and leaves nothing',
  async () => {
    const images = await imagesOf();
    const step = `sleep ${randomInt(1e8, 1e9)}`;
    const context = images.context({ Containerfile: `FROM ${images.base}\nRUN exec /bin/busybox ${step}\n` });
    try {
      await using project = new Project(`
      const api = image({ context: '${context}' });
      export default defineConfig({ resources: { api }, linger: 0 });`);
      const first = await project.join();
      first.order('wait', { resources: null });
      await eventually(() => (processesWith(`busybox ${step}`).length > 0 ? true : undefined), 'the step to run');
      process.kill((await first.hears('joined')).coordinator.pid, 'SIGKILL');
      await first.hears('lost');
      first.kill();
      await eventually(() => (processesWith(step).length === 0 ? true : undefined), 'the step to end');
      const left = async (): Promise<true | undefined> =>
        (await images.leftContainers()).length === 0 ? true : undefined;
      await eventually(left, 'the container of the step to go');
      // A name that a generation gives has the key in it.
      const [key = ''] = project.keys;
      const names = linesOf(await podman('images', '--format', '{{.Repository}}:{{.Tag}}'));
      expect(names.filter((name) => name.includes(key))).toEqual([]);
      // The files of the killed one are what only the next generation removes.
      const second = await project.join();
      second.order('leave');
      await project.nothingLeft();
    } finally {
      await images.remove();
    }
  },
);

test('without an engine, it is said what to install, before anything is started', async () => {
  await using project = new Project(configOf('localhost/any:1'));
  const member = project.spawn('runner', { PATH: dirname(process.execPath) });
  member.order('wait', { resources: null });

  expect(await member.hears('failed')).toMatchObject({
    code: 'BINARY_NOT_FOUND',
    message: 'api needs a container engine, and neither podman nor docker is on the PATH',
    hint: expect.stringContaining('install podman'),
  });
  await member.ends();
  await project.nothingLeft();
});
