import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { container } from '../../../src/resources/containers.ts';
import { http } from '../../../src/resources/probes/define.ts';
import { imagesOf, type Images } from '../../support/image-contexts.ts';
import { Project } from '../../support/project.ts';
import { startResource } from '../../support/resources.ts';
import { engineEnv, hasPodman, leftInPodman } from '../../support/engine.ts';

const CONTAINER = join(import.meta.dirname, '../../../src/resources/containers.ts');

let images: Images;
beforeAll(async () => {
  images = await imagesOf();
});
afterAll(async () => images.remove());

const SERVE = ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h'];

test.skipIf(!hasPodman())(
  'services of a compose file run as containers of the config, with what they depend on and what is built',
  async () => {
    // Named so that its image goes with the others.
    const web = images.key;
    await using project = new Project(`
    import { compose } from ${JSON.stringify(CONTAINER)};
    const stack = compose(new URL('compose.yaml', import.meta.url), { services: ['${web}'] });
    export default defineConfig({ resources: { ...stack }, linger: 0 });`);
    const files = {
      '.env': `BASE=${images.base}\n`,
      'index.html': 'from the file',
      'token.txt': 'hush',
      'web/Containerfile': `FROM ${images.base}\nLABEL built=yes\n`,
      'compose.yaml': `
services:
  db:
    image: \${BASE}
    container_name: always-the-same
    command: /bin/busybox httpd -f -p 8080 -h /bin
    expose: ['8080']
  seed_it:
    image: \${BASE}
    command: /bin/busybox nc -w 2 other_db 8080 -e /bin/busybox true
    depends_on: [other_db]
  other_db:
    image: \${BASE}
    command: /bin/sh -c '/bin/busybox grep -q hush /run/secrets/token && exec /bin/busybox httpd -f -p 8080 -h /bin'
    expose: ['8080']
    secrets: [token]
  debug: { image: none, profiles: [debug] }
  ${web}:
    build: ./web
    command: /bin/busybox httpd -f -p 8080 -h /www
    ports: ['80:8080']
    depends_on: { db: { condition: service_healthy }, seed_it: { condition: service_completed_successfully } }
    volumes: ['./index.html:/www/index.html:ro', 'data:/data']
    healthcheck: { test: ['CMD', '/bin/busybox', 'nc', '-w', '2', 'db', '8080', '-e', '/bin/busybox', 'true'] }
secrets: { token: { file: ./token.txt } }
`,
    };
    mkdirSync(join(project.dir, 'web'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project.dir, name), text);
    const runner = await project.join('runner', engineEnv());
    const { endpoints } = await runner.ready();
    expect(await (await fetch(endpoints[web].url)).text()).toBe('from the file');
    expect((await fetch(`${endpoints.db.url}/busybox`)).status).toBe(200);
    expect(endpoints.seed_it).toEqual({ epoch: 1 });
    const { keys } = project;
    // Three servers and their network.
    expect(await leftInPodman(keys)).toHaveLength(4);
    runner.order('leave');
    await runner.ends();
    await project.nothingLeft();
    expect(await leftInPodman(keys)).toEqual([]);
  },
);

test.skipIf(!hasPodman())(
  'the files of a container are rendered as it sees its needs, and its effective values compared',
  async () => {
    const image = images.base;
    const server = container({
      image,
      port: 8080,
      command: [...SERVE, '{files}'],
      user: '1000:1000',
      files: { 'app.json': (_, { port, files }) => ({ port, files, mode: 'live' }) },
      effective: { from: http('/app.json'), wants: (_, { port }) => ({ port, files: '/run/greenroom/files' }) },
    });
    const ready = await startResource(server, { env: engineEnv() });
    expect(ready.failure).toBeUndefined();
    await ready.stop();

    const options = { image, port: 8080, command: [...SERVE, '{files}'], files: { 'app.json': { mode: 'live' } } };
    const effective = { from: http('/app.json'), wants: { mode: 'test' } };
    const { failure } = await startResource(container({ ...options, effective }), { env: engineEnv() });
    expect(failure).toMatchObject({ code: 'CONFIG_OVERRIDDEN' });
    expect(failure?.message).toContain('key=mode from={files}/app.json:2 wants=test has=live');
  },
);
