import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { listenersOf } from '../../../src/platform/ports.ts';
import { eventually, Project } from '../../support/project.ts';

const SERVE = `
  const config = require('node:fs').readFileSync(process.argv[1], 'utf8');
  const server = require('node:http').createServer((_, response) => response.end(config));
  server.listen(process.env.PORT, '127.0.0.1');`;

const CONFIG = `
const store = dir();
const api = command({
  run: ['node', '-e', ${JSON.stringify(SERVE)}, '{files}/api.json'],
  needs: { store },
  files: { 'api.json': ({ store }, { port, files }) => ({ store: store.path, port, own: files + '/api.json' }) },
  effective: { from: http('/'), wants: ({ store }, { port }) => ({ store: store.path, port }) },
});
export default defineConfig({ resources: { store, api }, linger: 0 });
`;

test('rendered files are there after a restart, and gone with a coordinator that is killed', async () => {
  await using project = new Project(CONFIG);
  const member = await project.join('worker');
  const { endpoints } = await member.ready();
  const { own, ...values } = (await (await fetch(endpoints.api.url)).json()) as Record<string, string>;
  expect(values).toEqual({ store: endpoints.store.path, port: endpoints.api.port });

  const [listener] = await listenersOf(endpoints.api.port as number);
  process.kill(listener!.pid, 'SIGKILL');
  await member.health('api');
  expect(JSON.parse(readFileSync(own!, 'utf8'))).toMatchObject(values);

  const { coordinator } = await member.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await eventually(() => !existsSync(dirname(own!)) || undefined, 'the files to be gone');
  member.kill();
  // A directory that no process has goes with the next generation.
  const next = await project.join();
  next.order('leave');
  await project.nothingLeft();
});
