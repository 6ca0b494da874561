import Anthropic from '@anthropic-ai/sdk';
import { expect, test } from 'vitest';
import { script } from '../../../src/llm/client.ts';
import { askControl } from '../../../src/resources/llm/control-client.ts';
import { mockLlmOfFile } from '../../support/llm.ts';

const { endpoint } = await mockLlmOfFile();

const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
const ask = (url: string, baggage: string): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers: { baggage } });

test('a port that is closed late takes nothing from who has the slot by then', async () => {
  const slot = 7;
  const open = async (): Promise<number> => ((await askControl(endpoint.control, '/open', { slot })) as Port).port;
  const before = await open();
  const port = await open();
  await script(endpoint, { slot }).reply('of the next worker');
  await askControl(endpoint.control, '/close', { slot, port: before });
  const answer = await ask(`http://${endpoint.host}:${port}`, '');
  expect(await answer.text()).toContain('of the next worker');

  await script(endpoint, { slot }).reply('of nobody');
  await askControl(endpoint.control, '/close', { slot, port });
  expect(await (await ask(endpoint.url, `greenroom=${slot}`)).text()).toContain('Mock answer to: Hi');
});

interface Port {
  readonly port: number;
}

test('an error can be a page of a proxy', async () => {
  const llm = script(endpoint, { slot: 1, spec: 'page' });
  const headers = { 'Content-Type': 'text/html' };
  await llm.reply({ error: { status: 502, body: '<h1>Bad Gateway</h1>', headers } });
  const page = await ask(endpoint.url, 'greenroom=1.page');
  expect(page.status).toBe(502);
  expect(page.headers.get('content-type')).toBe('text/html');
  expect(await page.text()).toBe('<h1>Bad Gateway</h1>');
});

test('what HTTP cannot carry is refused where it is scripted', async () => {
  const llm = script(endpoint, { slot: 1, spec: 'lines' });
  const headers = { 'x-reason': 'two\r\nlines' };
  await expect(llm.reply({ error: { status: 500, headers } })).rejects.toThrow('headers.x-reason');
});

test('the id of a model that is no text is answered in words', async () => {
  const answer = await fetch(`${endpoint.baseUrl}/models/%E0%A4%A`);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('The id of the model is malformed');
});

test('calls of tools have ids as the provider makes them', async () => {
  const llm = script(endpoint, { slot: 1, spec: 'ids' });
  await llm.reply({ toolCalls: [{ name: 'weather' }] }, { times: 2 });
  const anthropic = new Anthropic({
    apiKey: 'none',
    baseURL: endpoint.url,
    defaultHeaders: { baggage: 'greenroom=1.ids' },
  });
  const { content } = await anthropic.messages.create({
    model: 'claude-x',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Is it raining?' }],
  });
  expect(content).toMatchObject([{ type: 'tool_use', id: expect.stringMatching(/^toolu_/) }]);
  expect(await (await ask(endpoint.url, 'greenroom=1.ids')).text()).toContain('"id":"call_');
});
