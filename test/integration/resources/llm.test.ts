import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { script, type LlmScript } from '../../../src/llm/client.ts';
import { mockLlmOfFile } from '../../support/llm.ts';

const { endpoint, pids } = await mockLlmOfFile();

let specs = 0;

/** A spec of its own: its scripts, and clients that say whose they are. */
function spec(): { llm: LlmScript; openai: OpenAI; anthropic: Anthropic; headers: { baggage: string } } {
  specs += 1;
  const headers = { baggage: `greenroom=1.spec-${specs}` };
  const usual = { apiKey: 'none', defaultHeaders: headers, maxRetries: 0 };
  return {
    llm: script(endpoint, { slot: 1, spec: `spec-${specs}` }),
    openai: new OpenAI({ ...usual, baseURL: endpoint.baseUrl }),
    anthropic: new Anthropic({ ...usual, baseURL: endpoint.url }),
    headers,
  };
}

const user = (content: string) => [{ role: 'user' as const, content }];
const ask = (text: string) => ({ model: 'gpt-x', messages: user(text) });
const claude = (text: string) => ({ model: 'claude-x', max_tokens: 100, messages: user(text) });

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

test('runs in a process of its own, and answers where nothing was scripted', async () => {
  const { host, port, url, baseUrl } = endpoint;
  expect(pids).toHaveLength(1);
  expect({ host, url, baseUrl }).toEqual({
    host: '127.0.0.1',
    url: `http://127.0.0.1:${port}`,
    baseUrl: `http://127.0.0.1:${port}/v1`,
  });
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });

  const question = JSON.stringify(ask('Which dish?'));
  const post = (): Promise<Response> => fetch(`${baseUrl}/chat/completions`, { method: 'POST', body: question });
  const first = await (await post()).text();
  expect(JSON.parse(first)).toMatchObject({
    choices: [{ message: { role: 'assistant', content: 'Mock answer to: Which dish?' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 },
  });
  expect(await (await post()).text(), 'to the last byte').toBe(first);
});

describe('the official OpenAI client', () => {
  const weather = { name: 'weather', arguments: { city: 'Bonn' } };
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: {} } }];

  test('chat: text, n, JSON by schema, models', async () => {
    const { llm, openai } = spec();
    await llm.reply('Hello!', { when: { user: /^hi/i } });
    const { choices, usage } = await openai.chat.completions.create({ ...ask('Hi there'), n: 2 });
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'Hello!'],
      [1, 'Hello!'],
    ]);
    expect(usage?.completion_tokens).toBe(4);
    expect((await openai.models.list()).data).toHaveLength(1);
    expect((await openai.models.retrieve('gpt-x')).id).toBe('gpt-x');

    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, ages: { type: 'array', items: { type: 'number' }, minItems: 2 } },
    };
    const parsed = await spec().openai.chat.completions.create({
      ...ask('Who?'),
      response_format: { type: 'json_schema', json_schema: { name: 'who', schema } },
    });
    expect(JSON.parse(parsed.choices[0]?.message.content ?? '')).toEqual({ name: '', ages: [0, 0] });
  });

  test('chat: tool calls, refusals and usage, whole and as a stream', async () => {
    const { llm, openai } = spec();
    await llm.reply([{ text: 'Let me see.', toolCalls: [weather] }, { toolCalls: [weather] }, { refusal: 'No way.' }]);
    const whole = await openai.chat.completions.create({ ...ask('Weather?'), tools });
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me see.',
        tool_calls: [{ function: { name: 'weather', arguments: '{"city":"Bonn"}' } }],
      },
    });

    const options = { tools, stream_options: { include_usage: true } };
    const streamed = openai.chat.completions.stream({ ...ask('Weather?'), ...options });
    expect((await streamed.finalChatCompletion()).choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'weather', arguments: '{"city":"Bonn"}' } }] },
    });
    expect(await streamed.totalUsage()).toMatchObject({ completion_tokens: 4 });
    const refused = await openai.chat.completions.create(ask('Weather?'));
    expect(refused.choices[0]?.message).toMatchObject({ content: null, refusal: 'No way.' });
  });

  test('chat: a stream comes word by word', async () => {
    const { llm, openai } = spec();
    await llm.reply('One two three.');
    const chunks = await all(await openai.chat.completions.create({ ...ask('Count'), stream: true }));
    expect(chunks.flatMap(({ choices }) => choices.flatMap(({ delta }) => delta.content || []))).toEqual([
      'One ',
      'two ',
      'three.',
    ]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  test('responses: whole and as a stream, with a tool', async () => {
    const { llm, openai } = spec();
    await llm.reply(['Fine.', { text: 'Let me see.', toolCalls: [weather] }]);
    const request = { model: 'gpt-x', instructions: 'Be brief.', input: 'How are you?' };
    expect((await openai.responses.create(request)).output_text).toBe('Fine.');
    const stream = openai.responses.stream({ ...request, input: [{ role: 'user', content: 'Weather?' }] });
    const types = (await all(stream)).map(({ type }) => type);
    expect(types.at(0)).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
    const { output, output_text: text } = await stream.finalResponse();
    expect(text).toBe('Let me see.');
    expect(output[1]).toMatchObject({ type: 'function_call', name: 'weather', arguments: '{"city":"Bonn"}' });
    expect((await llm.lastCall()).texts).toEqual(['Be brief.', 'Weather?']);
  });

  test('embeddings: the same text, the same vector, of the wanted length', async () => {
    const { llm, openai } = spec();
    const embed = async (input: string | string[], more: object = {}) =>
      (await openai.embeddings.create({ model: 'e', input, ...more })).data.map(({ embedding }) => embedding);
    const [[a], [b, c], [short], [plain]] = await Promise.all([
      embed('cat'),
      embed(['cat', 'dog']),
      embed('cat', { dimensions: 3 }),
      embed('cat', { encoding_format: 'float' }),
    ]);
    expect(a).toHaveLength(1_536);
    expect(b).toEqual(a);
    expect(plain).toEqual(a);
    expect(c).not.toEqual(a);
    expect(short).toHaveLength(3);
    expect(Math.hypot(...(short ?? []))).toBeCloseTo(1, 5);
    await llm.reply({ embedding: [0.5, 0.25] }, { when: { api: 'embeddings' } });
    expect(await embed('scripted')).toEqual([[0.5, 0.25]]);
  });

  test('errors are the provider’s own, and a limit says when to come back', async () => {
    const { llm, openai } = spec();
    await llm.reply([
      { error: { status: 401 } },
      { rateLimit: { retryAfter: 0 } },
      'There you are.',
      { error: { status: 503, body: { error: { message: 'Down for maintenance' } }, headers: { 'x-why': 'test' } } },
    ]);
    await expect(openai.chat.completions.create(ask('?'))).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const patient = openai.withOptions({ maxRetries: 1 });
    expect((await patient.chat.completions.create(ask('?'))).choices[0]?.message.content).toBe('There you are.');
    const failed: unknown = await openai.chat.completions.create(ask('?')).catch((error: unknown) => error);
    expect(failed).toMatchObject({ status: 503, error: { message: 'Down for maintenance' } });
    expect((failed as InstanceType<typeof OpenAI.APIError>).headers?.get('x-why')).toBe('test');
    await expect(
      openai.chat.completions.create({ model: '', messages: user('Hi') }),
      'a malformed request',
    ).rejects.toMatchObject({ status: 400, param: 'model' });
  });

  test('what hangs, is cut off or comes late', async () => {
    const { llm, openai } = spec();
    await llm.reply([{ hang: true }, { text: 'One two three.', cutAfter: 2 }, { text: 'A long answer.', cutAfter: 0 }]);
    await llm.reply({ text: 'One two three.', chunkDelay: 1, delay: 1 });
    await expect(openai.chat.completions.create(ask('?'), { timeout: 50 })).rejects.toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    );
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { choices } of await openai.chat.completions.create({ ...ask('?'), stream: true })) {
        if (choices[0]?.delta.content) seen.push(choices[0].delta.content);
      }
    })();
    await expect(reading).rejects.toThrow('terminated');
    expect(seen).toEqual(['One ', 'two ']);
    await expect(openai.chat.completions.create(ask('?'))).rejects.toBeInstanceOf(Error);
    expect(await all(await openai.chat.completions.create({ ...ask('?'), stream: true }))).toHaveLength(5);
    expect(await llm.end()).toEqual([]);
  });
});

describe('the official Anthropic client', () => {
  test('messages: text, a tool, a stream, tokens', async () => {
    const { llm, anthropic } = spec();
    const toolCalls = [{ name: 'weather', arguments: { city: 'Bonn' } }];
    await llm.reply(['Hello!', { text: 'Let me see.', toolCalls }, { text: 'Let me see.', toolCalls }]);
    const whole = await anthropic.messages.create({ ...claude('Hi'), system: 'Be kind.' });
    expect(whole).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: 'Hello!' }] });
    expect((await llm.lastCall()).texts).toEqual(['Be kind.', 'Hi']);

    const called = await anthropic.messages.create(claude('Weather?'));
    const content = [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', name: 'weather', input: { city: 'Bonn' } },
    ];
    expect(called).toMatchObject({ stop_reason: 'tool_use', content });
    const streamed = await anthropic.messages.stream(claude('Weather?')).finalMessage();
    expect(streamed).toMatchObject({ stop_reason: 'tool_use', content });
    expect(await anthropic.messages.countTokens({ model: 'c', messages: user('Four') })).toEqual({ input_tokens: 1 });
  });

  test('a result of a tool is a turn of its own; errors are the provider’s', async () => {
    const { llm, anthropic } = spec();
    await llm.reply('It rains.', { when: { turn: 'tool', user: 'rain' } });
    await llm.reply([{ error: { status: 529 } }, { rateLimit: { retryAfter: 3 } }]);
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'rain' };
    const answered = anthropic.messages.create({ ...claude('?'), messages: [{ role: 'user', content: [result] }] });
    expect(await answered).toMatchObject({ content: [{ text: 'It rains.' }] });
    const busy = anthropic.messages.create(claude('Hi'));
    await expect(busy).rejects.toMatchObject({ status: 529, error: { error: { type: 'overloaded_error' } } });
    const limited: unknown = await anthropic.messages.create(claude('Hi')).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
    expect((limited as InstanceType<typeof Anthropic.APIError>).headers?.get('retry-after')).toBe('3');
  });
});

test('a spec’s answers are its own; what nobody scripted is told, with what was near', async () => {
  const [one, two] = [spec(), spec()];
  await one.llm.reply('for one', { when: { user: 'question' }, name: 'greeting' });
  await script(endpoint, { slot: 1 }).reply('for all of the slot', { when: { user: 'slot' }, times: 'always' });
  const said = async ({ openai }: typeof one, text: string) =>
    (await openai.chat.completions.create(ask(text))).choices[0]?.message.content;
  await expect(said(two, 'question')).rejects.toMatchObject({
    status: 400,
    code: 'no_scenario',
    message: expect.stringContaining('user does not contain "slot"'),
  });
  expect(await said(one, 'question')).toBe('for one');
  expect(await said(two, 'slot')).toBe('for all of the slot');
  await expect(said(one, 'question')).rejects.toThrow('greeting: has answered as often as it may');
  expect((await two.llm.calls()).map(({ scenario }) => scenario)).toEqual([null, 'a reply']);
  await script(endpoint, { slot: 1 }).end();
});

test('`forceText` takes tool calls away', async () => {
  const { llm, openai } = spec();
  await llm.forceText();
  await llm.reply({ toolCalls: [{ name: 'weather' }] });
  await llm.reply({ text: 'In words.', toolCalls: [{ name: 'weather' }] });
  const { choices } = await openai.chat.completions.create(ask('Weather?'));
  expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'In words.' } });
  expect(choices[0]?.message.tool_calls).toBeUndefined();
  expect(await llm.end()).toHaveLength(1);
});

test('a malformed answer is refused with its place', async () => {
  const { llm } = spec();
  await expect(llm.reply({ text: 1 } as never)).rejects.toThrow(/reply/);
  await expect(llm.reply({ hang: true, text: 'both' })).rejects.toThrow(/one of/);
});
