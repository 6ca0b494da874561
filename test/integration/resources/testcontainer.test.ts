import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromTestcontainer } from '../../../src/resources/container/index.ts';
import { engineEnv, imagesOf, podman, type Images } from '../../support/image-contexts.ts';
import { eventually } from '../../support/project.ts';
import { startResource } from '../../support/resources.ts';

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

test('a builder is started once, labelled, on the network and on the loopback address alone, and removed', async () => {
  const { endpoint, failure, stop } = await startResource(server('httpd', '-f', '-p', '8080'), { env: engineEnv });
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
  await stop();
  expect(await all()).not.toContain(images.key);
  expect(await podman('network', 'ls')).not.toContain('greenroom-');
});

test('one that ends before it is ready says so, with its output, and is removed', async () => {
  const { failure } = await startResource(server('sh', '-c', 'echo no luck; exit 3'), { env: engineEnv });
  expect(failure).toMatchObject({ code: 'RESOURCE_EXITED', message: expect.stringContaining('exited with code 3') });
  expect(failure?.log?.join('\n')).toContain('no luck');
  expect(await all()).not.toContain(images.key);
});

test('one whose keeper is told to go, as when the coordinator dies, is gone', async () => {
  const { pids, lost } = await startResource(server('httpd', '-f', '-p', '8080'), { env: engineEnv });
  expect(await all()).toContain(images.key);
  process.kill(pids.at(-1)!, 'SIGTERM');
  await lost;
  expect(await all()).not.toContain(images.key);
});
