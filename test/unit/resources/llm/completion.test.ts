import { expect, test } from 'vitest';
import { BadRequest, complete } from '../../../../src/resources/llm/completion.ts';

const ask = (request: object): unknown => complete(JSON.stringify(request));
const user = (content: unknown): object => ({ role: 'user', content });

test('answers the last question of the user', () => {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    user('One?'),
    { role: 'assistant', content: null },
    user('Two?'),
  ];
  expect(ask({ model: 'm', messages })).toMatchObject({ choices: [{ message: { content: 'Mock answer to: Two?' } }] });
});

test('reads a message in parts', () => {
  const parts = [
    { type: 'text', text: 'What is ' },
    { type: 'image_url', image_url: {} },
    { type: 'text', text: 'this?' },
  ];
  expect(ask({ model: 'm', messages: [user(parts)] })).toMatchObject({
    choices: [{ message: { content: 'Mock answer to: What is this?' } }],
  });
});

test('other questions have other ids', () => {
  const ids = ['One?', 'Two?'].map((text) => (ask({ model: 'm', messages: [user(text)] }) as { id: string }).id);
  expect(new Set(ids).size).toBe(2);
});

test.for([
  ['{', null],
  ['[]', null],
  ['{"messages":[]}', 'model'],
  ['{"model":"m"}', 'messages'],
  ['{"model":"m","messages":[]}', 'messages'],
  ['{"model":"m","messages":["hi"]}', 'messages[0]'],
  ['{"model":"m","messages":[{"role":"me","content":"hi"}]}', 'messages[0].role'],
  ['{"model":"m","messages":[{"role":"user"}]}', 'messages[0].content'],
  ['{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}', 'stream'],
] as const)('refuses %s and names %s', ([body, param]) => {
  expect(() => complete(body)).toThrow(BadRequest);
  expect(() => complete(body)).toThrow(expect.objectContaining({ param }));
});
