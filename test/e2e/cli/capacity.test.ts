import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';
import { REPOSITORY } from '../../support/copy.ts';

const PYTHON = readFileSync(join(REPOSITORY, 'fixtures/stories/shared/http_server.py'), 'utf8');

const config = (run: readonly string[], env: Readonly<Record<string, string>> = {}): string => `
import { capacity, command, defineConfig, gate, tcp } from 'greenroom';
const api = command({ run: ${JSON.stringify(run)}, env: ${JSON.stringify(env)}, ready: tcp() });
export default defineConfig({
  resources: { api },
  gates: { room: gate({ needs: { api }, probe: capacity('api', '/health') }) },
  linger: 0,
});
`;

/** Takes no more than four connections at once, and drops the others. */
const FOUR = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end('ok'));
server.maxConnections = 4;
server.listen(Number(process.env.PORT), '127.0.0.1');
`;

const python = (SERVER: string, PROTOCOL = 'HTTP/1.1') =>
  cliProject({
    'greenroom.config.ts': config(['python3', 'server.py'], { SERVER, PROTOCOL }),
    'server.py': PYTHON,
  });

test('a server that serves one connection at a time is told before the first copy starts, with both numbers', async () => {
  await using project = python('HTTPServer');
  const { code, stdout, stderr } = await project.greenroom('exec', '--procs', '12', '--', 'echo', 'ran');
  expect(stderr).toContain('capacity of api: 1 < 24: of 24 connections that were open at once (12 workers)');
  expect(stderr).toContain('[INFRA_CAPACITY]');
  expect(code).toBe(12);
  expect(stdout).not.toContain('ran');
  await project.nothingLeft();
});

test.for([
  ['ThreadingHTTPServer', 'HTTP/1.1'],
  ['HTTPServer', 'HTTP/1.0'],
] as const)('one that has room is left alone: %s, %s', async ([server, protocol]) => {
  await using project = python(server, protocol);
  const { code, stdout, stderr } = await project.greenroom('exec', '--procs', '12', '--', 'echo', 'ran');
  expect(code, stderr).toBe(0);
  expect(stdout.match(/ran/g)).toHaveLength(12);
  await project.nothingLeft();
});

test('a run with more workers is asked for its own room, and the one that has some goes on', async () => {
  await using project = cliProject({ 'greenroom.config.ts': config(['node', 'server.mjs']), 'server.mjs': FOUR });
  const untilGo = 'echo up; until [ -e go ]; do sleep 0.02; done; echo gone';
  const first = project.start('exec', '--procs', '2', '--', 'sh', '-c', untilGo);
  await first.line('up');
  const more = await project.greenroom('exec', '--procs', '3', '--', 'echo', 'ran');
  expect(more.stderr).toContain('capacity of api: 4 < 6');
  expect(more.code).toBe(12);
  const same = await project.greenroom('exec', '--procs', '2', '--', 'echo', 'ran');
  expect(same.code, same.stderr).toBe(0);
  project.write('go', '');
  const ended = await first.result;
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stdout.match(/gone/g)).toHaveLength(2);
  await project.nothingLeft();
});
