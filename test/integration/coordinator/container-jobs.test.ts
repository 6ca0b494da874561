import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineEnv, hasPodman, leftInPodman } from '../../support/engine.ts';
import { imagesOf, type Images } from '../../support/image-contexts.ts';
import { eventually, Project } from '../../support/project.ts';

let images: Images;

/** A project whose config has `IMAGE`, an image with busybox, `sh` for scripts in it, and a server of it, `store`. */
const projectOf = (config: string): Project =>
  new Project(`
  const IMAGE = ${JSON.stringify(images.base)};
  const sh = (script) => ['/bin/sh', '-c', script.replaceAll('busybox ', '/bin/busybox ')];
  const store = container({ image: IMAGE, port: 8080, command: ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/bin'] });
  ${config}`);

/** What a resource of the only generation has said. */
function logOf(project: Project, resource: string): string {
  const [{ name } = expect.fail('no generation')] = project.generations();
  const file = join(project.dir, '.greenroom', 'generations', name, `${resource}.log`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

describe.skipIf(!hasPodman())('a job in a container', () => {
  beforeAll(async () => {
    images = await imagesOf();
  });
  afterAll(async () => images.remove());

  test('reaches what it needs, in a container and on the host, and is gone before what needs it starts', async () => {
    await using project = projectOf(`
      const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
      const migrate = container({
        kind: 'job', image: IMAGE, needs: { store, api },
        env: ({ store, api }) => ({ STORE: store.url, API: api.url }),
        command: sh('busybox wget -q -O /dev/null "$STORE/busybox" && busybox wget -q -O - "$API/health" && echo migrated'),
      });
      const late = command({ run: ['node', 'service.mjs'], needs: { migrate }, ready: http('/health') });
      export default defineConfig({ resources: { store, api, migrate, late }, linger: 0 });`);
    const member = await project.join('runner', engineEnv());
    const { endpoints } = await member.ready();
    expect(endpoints.migrate).toEqual({ epoch: 1 });
    expect((await fetch(`${endpoints.late.url}/health`)).status).toBe(200);
    // The store and the network; what it was stays gone.
    expect(await leftInPodman(project.keys)).toHaveLength(2);
    expect(logOf(project, 'migrate')).toContain('migrated');
    member.order('leave');
    await project.nothingLeft([endpoints.store.port, endpoints.api.port, endpoints.late.port]);
  });

  test('one that ends badly says so with its log, and what needs it does not start', async () => {
    await using project = projectOf(`
      const migrate = container({ kind: 'job', image: IMAGE, command: sh('echo no such table >&2; exit 4') });
      const late = command({ run: ['node', 'service.mjs'], needs: { migrate }, ready: http('/health') });
      export default defineConfig({ resources: { migrate, late }, linger: 0 });`);
    const member = await project.join('runner', engineEnv());
    member.order('wait', { resources: null });
    const failure = await member.hears('failed');
    expect(failure).toMatchObject({ code: 'JOB_FAILED', message: 'the job migrate exited with code 4' });
    expect(failure.log.at(-1)).toBe('no such table');
    member.order('leave');
    await project.nothingLeft();
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('%s to the coordinator ends one that runs', async (signal) => {
    await using project = projectOf(`
      const migrate = container({ kind: 'job', image: IMAGE, command: sh('echo begun; busybox sleep 1000'), stopTimeout: 1_000 });
      export default defineConfig({ resources: { migrate }, linger: 0 });`);
    const member = await project.join('runner', engineEnv());
    member.order('wait', { resources: null });
    await eventually(() => (logOf(project, 'migrate').includes('begun') ? true : undefined), 'the job to run');
    process.kill((await member.hears('joined')).coordinator.pid, signal);
    await member.hears('lost');
    await eventually(
      async () => ((await leftInPodman(project.keys)).length === 0 ? true : undefined),
      'the container to go',
    );
    member.kill();
    // Takes away the file of the generation that was killed.
    if (signal === 'SIGKILL') {
      const next = await project.join('runner', engineEnv());
      next.order('leave');
    }
    await project.nothingLeft();
  });
});
