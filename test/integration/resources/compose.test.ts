import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../../src/resources/compose/index.ts';
import { container } from '../../../src/resources/container/index.ts';
import { http } from '../../../src/resources/probes/define.ts';
import { engineEnv, imagesOf, podman, type Images } from '../../support/image-contexts.ts';
import { projectDir, startResource } from '../../support/resources.ts';

let images: Images;
beforeAll(async () => {
  images = await imagesOf();
});
afterAll(async () => images.remove());

const SERVE = ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h'];

test('services of a compose file run as containers, ready when their health check passes', async () => {
  const root = projectDir();
  writeFileSync(join(root, 'index.html'), 'from the file');
  writeFileSync(
    join(root, 'compose.yaml'),
    `
services:
  web:
    image: \${BASE}
    container_name: always-the-same
    command: /bin/busybox httpd -f -p 8080 -h /www
    ports: ['80:8080']
    volumes: ['./index.html:/www/index.html:ro', 'data:/data']
    healthcheck: { test: ['CMD', '/bin/busybox', 'test', '-e', '/www/index.html'] }
`,
  );
  writeFileSync(join(root, '.env'), `BASE=${images.base}\n`);
  const { web } = compose(join(root, 'compose.yaml'), { services: ['web'] });
  const { endpoint, failure, stop } = await startResource(web, { name: 'web', root, env: engineEnv });
  expect(failure).toBeUndefined();
  expect(endpoint).toMatchObject({ host: '127.0.0.1', port: expect.any(Number) });
  expect(await (await fetch(endpoint!.url)).text()).toBe('from the file');
  await stop();
  expect(await podman('ps', '--all', '--format', '{{.Names}} {{.Image}}')).not.toContain(images.key);
});

test('the files of a container are rendered as it sees its needs, and its effective values compared', async () => {
  const image = images.base;
  const server = container({
    image,
    port: 8080,
    command: [...SERVE, '{files}'],
    user: '1000:1000',
    files: { 'app.json': (_, { port, files }) => ({ port, files, mode: 'live' }) },
    effective: { from: http('/app.json'), wants: (_, { port }) => ({ port, files: '/run/greenroom/files' }) },
  });
  const ready = await startResource(server, { env: engineEnv });
  expect(ready.failure).toBeUndefined();
  await ready.stop();

  const options = { image, port: 8080, command: [...SERVE, '{files}'], files: { 'app.json': { mode: 'live' } } };
  const effective = { from: http('/app.json'), wants: { mode: 'test' } };
  const { failure } = await startResource(container({ ...options, effective }), { env: engineEnv });
  expect(failure).toMatchObject({ code: 'CONFIG_OVERRIDDEN' });
  expect(failure?.message).toContain('key=mode from={files}/app.json:2 wants=test has=live');
});
