import { expect, test } from 'vitest';
import { mockLlm } from '../../../src/resources/llm/index.ts';
import { startResource } from '../../support/resources.ts';

test('runs in a process of its own and answers like a provider', async () => {
  const { endpoint, failure, pids, stop } = await startResource(mockLlm());
  expect(failure).toBeUndefined();
  expect(pids).toHaveLength(1);
  const { host, port, url, baseUrl } = endpoint ?? {};
  expect({ host, url, baseUrl }).toEqual({
    host: '127.0.0.1',
    url: `http://127.0.0.1:${port}`,
    baseUrl: `http://127.0.0.1:${port}/v1`,
  });

  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${baseUrl}/models`)).json()).toMatchObject({
    object: 'list',
    data: [{ object: 'model' }],
  });

  const ask = (body: string): Promise<Response> => fetch(`${baseUrl}/chat/completions`, { method: 'POST', body });
  const question = JSON.stringify({ model: 'gpt-x', messages: [{ role: 'user', content: 'Which dish?' }] });
  const first = await ask(question);
  expect(first.headers.get('content-type')).toBe('application/json');
  const completion: unknown = await first.json();
  expect(completion).toEqual({
    id: expect.stringMatching(/^chatcmpl-[0-9a-f]{24}$/),
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'gpt-x',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Mock answer to: Which dish?', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 },
  });
  expect(await (await ask(question)).json()).toEqual(completion);

  const refused = await ask('{ "model": ');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    error: {
      message: expect.stringContaining('could not parse the JSON body'),
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
  });
  expect((await fetch(`${url}/v2`)).status).toBe(404);

  await stop();
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
});
