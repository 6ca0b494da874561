import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromTestcontainer } from '../../../src/resources/containers.ts';
import { imagesOf, type Images } from '../../support/image-contexts.ts';
import { eventually, Project } from '../../support/project.ts';
import { startResource } from '../../support/resources.ts';
import { engineEnv, hasPodman, podman } from '../../support/engine.ts';

const CONTAINER = join(import.meta.dirname, '../../../src/resources/containers.ts');

let images: Images;
let socket: string;
let service: ChildProcess;

beforeAll(async () => {
  images = await imagesOf();
  socket = join(mkdtempSync(join(tmpdir(), 'gr-podman-')), 'podman.sock');
  service = spawn('podman', ['system', 'service', '--time', '0', `unix://${socket}`], { stdio: 'ignore' });
  await eventually(() => existsSync(socket) || undefined, 'the socket of podman');
  process.env['DOCKER_HOST'] = `unix://${socket}`;
});
afterAll(async () => {
  delete process.env['DOCKER_HOST'];
  service.kill();
  await once(service, 'exit');
  rmSync(join(socket, '..'), { recursive: true, force: true });
  await images.remove();
});

const all = (): Promise<string> => podman('ps', '--all', '--format', '{{.Names}} {{.Image}} {{.Labels}}');

const server = (...command: string[]) =>
  fromTestcontainer(
    () =>
      new GenericContainer(images.base)
        .withCommand(['/bin/busybox', ...command])
        .withExposedPorts(8080)
        .withWaitStrategy(Wait.forHttp('/', 8080).forStatusCode(404))
        .withStartupTimeout(10_000),
    { endpoint: (started) => ({ id: started.getId() }) },
  );

test.skipIf(!hasPodman())(
  'a builder is started once, labelled, on the network and on the loopback address alone, and removed',
  async () => {
    const { endpoint, failure, stop } = await startResource(server('httpd', '-f', '-p', '8080'), { env: engineEnv() });
    expect(failure).toBeUndefined();
    const { id = '', port, url } = endpoint ?? {};
    expect(endpoint).toMatchObject({ host: '127.0.0.1', ports: { '8080': port }, url: `http://127.0.0.1:${port}` });
    expect((await fetch(url!)).status).toBe(404);
    const inspected = await podman(
      'inspect',
      '--format',
      '{{json .HostConfig.PortBindings}} {{json .Config.Labels}}',
      id,
    );
    expect(inspected).toContain('"HostIp":"127.0.0.1"');
    expect(inspected).toContain('"greenroom.resource":"subject"');
    expect(await all()).not.toContain('ryuk');
    const networks = await podman(
      'inspect',
      '--format',
      '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}',
      id,
    );
    const own = networks.split(' ').find((network) => network.startsWith('greenroom-test-'));
    await stop();
    expect(await podman('ps', '--all', '--no-trunc', '--format', '{{.ID}}')).not.toContain(id);
    expect(await podman('network', 'ls')).not.toContain(own);
  },
);

test.skipIf(!hasPodman())('one that ends before it is ready says so, with its output, and is removed', async () => {
  const { failure } = await startResource(server('sh', '-c', 'echo no luck; exit 3'), { env: engineEnv() });
  expect(failure).toMatchObject({ code: 'RESOURCE_EXITED', message: expect.stringContaining('exited with code 3') });
  expect(failure?.log?.join('\n')).toContain('no luck');
  expect(await podman('ps', '--all', '--no-trunc', '--format', '{{.Command}}')).not.toContain('no luck');
});

test.skipIf(!hasPodman())(
  'one that a container of ours needs is found on the network, and gone with a coordinator that is killed',
  async () => {
    const { base } = images;
    await using project = new Project(`
    import { GenericContainer, Wait } from ${JSON.stringify(import.meta.resolve('testcontainers'))};
    import { fromTestcontainer } from ${JSON.stringify(CONTAINER)};
    const serve = ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h'];
    const db = fromTestcontainer(() =>
      new GenericContainer('${base}').withCommand([...serve, '/bin']).withExposedPorts(8080)
        .withWaitStrategy(Wait.forHttp('/busybox', 8080)));
    const api = container({
      image: '${base}', port: 8080, needs: { db }, command: [...serve, '{files}'],
      files: { 'app.json': ({ db }) => ({ db: db.url }) },
      effective: { from: http('/app.json'), wants: { db: 'http://db:8080' } },
      healthCheck: ['/bin/busybox', 'nc', '-w', '2', 'db', '8080', '-e', '/bin/busybox', 'true'],
    });
    export default defineConfig({ resources: { db, api }, linger: 0 });`);
    const runner = await project.join('runner', { ...engineEnv(), DOCKER_HOST: `unix://${socket}` });
    const { endpoints } = await runner.ready();
    expect((await fetch(`${endpoints.db.url}/busybox`)).status).toBe(200);
    const { coordinator } = await runner.hears('joined');
    process.kill(coordinator.pid, 'SIGKILL');
    const { nonce } = await runner.hears('joined');
    await eventually(async () => !(await all()).includes(nonce) || undefined, 'the containers to be gone');
    runner.kill();
  },
);
