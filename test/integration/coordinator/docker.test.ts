import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDocker, startDocker, type Docker } from '../../support/docker.ts';
import { BUSYBOX } from '../../support/images.ts';
import { eventually, Project, type Member } from '../../support/project.ts';

const FILE = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
`;

let docker: Docker;

/** A project whose config has `web`, an image with a busybox, and `serve`, the words of a server of it. */
function projectOf(config: string): Project {
  const project = new Project(`
    const web = image({ context: 'web' });
    const serve = (at) => ['/bin/busybox', 'httpd', '-f', '-p', at, '-h', '/bin'];
    const base = { linger: 0, passEnv: ['DOCKER_HOST'] };
    ${config}`);
  mkdirSync(join(project.dir, 'web'));
  copyFileSync(BUSYBOX, join(project.dir, 'web', 'busybox'));
  writeFileSync(join(project.dir, 'web', 'Containerfile'), FILE);
  return project;
}

const enter = (project: Project): Promise<Member> => project.join('worker', docker.env);

describe.skipIf(!hasDocker())('on docker', () => {
  beforeAll(async () => {
    docker = await startDocker();
  });
  afterAll(async () => docker.stop());

  test('an image is built, a server and a job of it run, and reach each other and the host', async () => {
    await using project = projectOf(`
      const legacy = command({ run: ['node', 'service.mjs'], ready: http('/health') });
      const api = container({ image: web, port: 8080, command: serve('8080'), healthCheck: ['/bin/busybox', 'true'] });
      const job = container({
        kind: 'job', image: web, needs: { api, legacy },
        env: ({ api, legacy }) => ({ API: api.url, LEGACY: legacy.url }),
        command: ['/bin/sh', '-c', 'for url in $API/busybox $LEGACY/health; do /bin/busybox wget -q -O /dev/null $url || exit 5; done'],
      });
      export default defineConfig({ ...base, resources: { web, legacy, api, job } });`);
    const member = await enter(project);
    const { api, job, legacy } = (await member.ready()).endpoints;
    expect(api.host).toBe('127.0.0.1');
    expect((await fetch(`${api.url}/busybox`)).status).toBe(200);
    expect(job).toEqual({ epoch: 1 });
    const { keys } = project;
    // The server and the network.
    expect(await docker.left(keys)).toHaveLength(2);
    member.order('leave');
    await member.ends();
    await project.nothingLeft([api.port, legacy.port]);
    expect(await docker.left(keys)).toEqual([]);
  });

  test('killed while in use, it is made anew on its port; with its coordinator it is gone, and its network', async () => {
    await using project = projectOf(`
      const api = container({ image: web, port: 8080, command: serve('8080') });
      export default defineConfig({ ...base, resources: { web, api } });`);
    const member = await enter(project);
    const { api } = (await member.ready()).endpoints;
    const container =
      (await docker.left(project.keys)).find((name) => name.endsWith('-api')) ?? expect.fail('none runs');
    await docker.run('kill', container);
    expect(await member.health('api')).toBe(1);
    expect((await member.ready()).endpoints.api).toMatchObject({ port: api.port });
    process.kill((await member.hears('joined')).coordinator.pid, 'SIGKILL');
    await member.hears('lost');
    await eventually(
      async () => ((await docker.left(project.keys)).length === 0 ? true : undefined),
      'all of it to be gone',
    );
    member.kill();
    const next = await enter(project);
    next.order('leave');
    await project.nothingLeft([api.port]);
  });

  test('a server that only its own container can reach is named', async () => {
    await using project = projectOf(`
      const api = container({ image: web, port: 8080, command: serve('127.0.0.1:8080') });
      export default defineConfig({ ...base, resources: { web, api } });`);
    const member = await enter(project);
    const { keys } = project;
    member.order('wait', { resources: null });
    expect(await member.hears('failed')).toMatchObject({
      code: 'INFRA_BIND_LOOPBACK',
      hint: 'word 5 of its command is 127.0.0.1:8080: make it 0.0.0.0:8080',
    });
    member.order('leave');
    await member.ends();
    await project.nothingLeft();
    expect(await docker.left(keys)).toEqual([]);
  });
});
