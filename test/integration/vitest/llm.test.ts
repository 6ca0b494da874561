import { expect, test } from 'vitest';
import { vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
import { command, defineConfig, http } from 'greenroom';
import { mockLlm } from 'greenroom/llm';

const llm = mockLlm({ slice: 'worker', scenarios: ['scenarios/*.json', { name: 'from the config', when: { user: /^config/ }, reply: 'configured' }] });
const api = command({
  run: ['node', 'server.mjs'],
  scope: 'worker',
  needs: { llm },
  env: ({ llm }) => ({ LLM_URL: llm.baseUrl }),
  ready: http('/health'),
});
export default defineConfig({ resources: { llm, api }, linger: 0, workers: 3 });
`;

/** Asks the LLM on behalf of who asks, and does not say for whom. */
const SERVER = `
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
createServer(async (request, response) => {
  if (request.url === '/health') return response.end('{}');
  const asked = await fetch(process.env.LLM_URL + '/chat/completions', { method: 'POST', body: await text(request) });
  response.writeHead(asked.status).end(await asked.text());
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const SPEC = `
import { beforeAll, expect, test } from 'vitest';
import { script } from 'greenroom/llm/client';
import { endpoint } from 'greenroom/vitest';

const [{ baseUrl, control }, api] = [endpoint('llm'), endpoint('api')];
const llm = script({ control });
const body = (content) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
const ask = async (content, url = baseUrl + '/chat/completions') => {
  const response = await fetch(url, { method: 'POST', body: body(content) });
  const answer = await response.json();
  return response.ok ? answer.choices[0].message.content : answer.error.message;
};

beforeAll(() => llm.reply('for the whole file', { when: { user: 'file' }, times: 'always' }));

test.concurrent.for(Array.from({ length: 20 }, (_, n) => n))('scripts of its own %i', async (n, { task }) => {
  await llm.reply(['first ' + task.id, 'second ' + task.id]);
  expect(await ask('one')).toBe('first ' + task.id);
  expect(await ask('file')).toBe('second ' + task.id);
  expect(await ask('file')).toBe('for the whole file');
  expect((await llm.calls()).map(({ texts }) => texts)).toEqual([['one'], ['file'], ['file']]);
});

test('through a service that does not say for whom', async ({ task }) => {
  await llm.reply('for ' + task.id);
  expect(await ask('anything', api.url)).toBe('for ' + task.id);
  expect(await llm.lastCall()).toMatchObject({ scenario: 'a reply', texts: ['anything'] });
});

test('a retry begins anew', { retry: 1 }, async ({ task }) => {
  await ask('file');
  if (task.result.retryCount === 0) {
    await llm.reply('left behind');
    throw new Error('once more');
  }
  expect(await llm.calls()).toHaveLength(1);
  expect(await ask('anything')).toContain('No scenario of the mock LLM matches this request of slot');
});

test('what all share', async () => {
  expect(await ask('Say hello')).toBe('Hello from a file');
  expect(await ask('config, please')).toBe('configured');
});
`;

const SCENARIOS = JSON.stringify([
  { name: 'greeting', when: { user: { pattern: 'HELLO', flags: 'i' } }, reply: 'Hello from a file' },
  { name: 'never wanted', when: { user: 'nobody says this' }, reply: 'Well' },
]);

test('specs that run at the same time script one mock LLM, each for itself', async () => {
  await using project = vitestProject({
    'greenroom.config.ts': CONFIG,
    'server.mjs': SERVER,
    'scenarios/a.json': SCENARIOS,
    'specs/endpoints.test.ts': SPEC,
    'specs/gate.test.ts': SPEC,
    'specs/member.test.ts': SPEC,
    'global-setup.ts': 'export const setup = () => {};',
  });
  const { exitCode, output } = await project.vitest('run');
  expect(exitCode, output).toBe(0);
  expect(output).toContain('MOCK LLM');
  expect(output.match(/llm: no scenario matched chat m "anything" of slot \d+, spec [\w-]+\n/g)).toHaveLength(3);
  expect(output.match(/llm: not used: left behind|llm: not used: a reply of slot/g)).toHaveLength(3);
  expect(output).toContain('llm: not used: never wanted\n');
  expect(output).not.toContain('not used: greeting');
  expect(output).not.toContain('not used: from the config');
  await project.nothingLeft();

  project.write('scenarios/b.json', JSON.stringify({ reply: { text: 'Hi', delay: 'long' } }));
  const malformed = await project.vitest('run');
  expect(malformed.exitCode).toBe(2);
  expect(malformed.output).toContain('a scenario of llm is malformed');
  expect(malformed.output).toContain('scenarios/b.json');
});
