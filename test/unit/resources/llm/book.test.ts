import { expect, test } from 'vitest';
import type { Asked } from '../../../../src/resources/llm/asked.ts';
import { Book, type Decision } from '../../../../src/resources/llm/book.ts';
import type { Scenario } from '../../../../src/resources/llm/scenario.ts';
import { scriptOf } from '../../../../src/resources/llm/scenario-schema.ts';

const asked = (user: string, more: Partial<Asked> = {}): Asked => ({
  api: 'chat',
  model: 'm',
  system: '',
  user,
  turn: 'user',
  tools: [],
  stream: false,
  n: 1,
  tokens: 1,
  ...more,
});

function bookOf(...shared: readonly Scenario[]): Book {
  return new Book(
    shared.map((scenario, index) => scriptOf(scenario, `shared ${index}`)),
    false,
  );
}

const said = (decision: Decision): unknown => ('reply' in decision ? decision.reply.text : decision.unmatched);

test('a spec’s scripts come before its slot’s, and those before what all share', () => {
  const book = bookOf({ reply: 'all' });
  const ask = (spec?: string): unknown =>
    said(book.decide(asked('?'), '{}', { slot: 1, ...(spec === undefined ? {} : { spec }) }, 1));
  book.add({ slot: 1 }, scriptOf({ reply: 'slot', times: 1 }, ''), 1);
  book.add({ slot: 1, spec: 'a' }, scriptOf({ reply: 'spec', times: 1 }, ''), 1);
  expect(ask('a')).toBe('spec');
  expect(ask('b')).toBe('slot');
  expect(ask('a')).toBe('all');
  expect(said(book.decide(asked('?'), '{}', undefined, 1))).toBe('all');
  expect(said(book.decide(asked('?'), '{}', { slot: 2 }, 1))).toBe('all');
});

test('what all share is counted for each spec', () => {
  const book = bookOf({ reply: ['first', 'second'], times: 3 });
  const ask = (spec: string): unknown => said(book.decide(asked('?'), '{}', { slot: 1, spec }, 1));
  expect([ask('a'), ask('a'), ask('b'), ask('a')]).toEqual(['first', 'second', 'first', 'second']);
  expect(ask('a')).toContain('shared 0: has answered as often as it may');
  expect(ask('b')).toBe('second');
});

test('what names no spec is the only one’s that scripts, and of several nobody’s', () => {
  const book = bookOf();
  const ask = (): unknown => said(book.decide(asked('?'), '{}', { slot: 1 }, 1));
  expect(ask()).toBe('Mock answer to: ?');
  book.add({ slot: 1, spec: 'a' }, scriptOf({ reply: 'a' }, ''), 1);
  expect(ask()).toBe('a');
  book.add({ slot: 1, spec: 'b' }, scriptOf({ reply: 'b' }, ''), 1);
  book.add({ slot: 1 }, scriptOf({ reply: 'slot', when: { user: 'else' } }, 'other'), 1);
  expect(ask()).toContain('Several specs of this worker have scripts');
  expect(book.end({ slot: 1, spec: 'b' }, 2)).toEqual([' of slot 1, spec b']);
  expect(ask()).toBe('a');
});

test('a new worker in a slot finds nothing of the last one', () => {
  const book = bookOf();
  book.add({ slot: 1, lease: 'L1' }, scriptOf({ reply: 'old' }, ''), 1);
  book.decide(asked('?'), '{}', { slot: 1 }, 1);
  expect(book.calls({ slot: 1, lease: 'L1' }, 2).calls).toHaveLength(1);
  expect(book.calls({ slot: 1, lease: 'L2' }, 2).calls).toEqual([]);
  expect(said(book.decide(asked('?'), '{}', { slot: 1 }, 3))).toBe('Mock answer to: ?');
});

test('what was asked before a try began is not its own', () => {
  const book = bookOf();
  for (const now of [1, 5]) book.decide(asked('?'), '{}', { slot: 1, spec: 'a' }, now);
  expect(book.calls({ slot: 1, spec: 'a', since: 3 }, 6).calls.map(({ at }) => at)).toEqual([5]);
});

test('a report tells of one run what was not matched, and what was not used', () => {
  const book = bookOf({ reply: 'x', when: { user: 'x' } }, { reply: 'y', when: { user: 'y' } });
  book.decide(asked('x'), '{}', undefined, 1);
  for (const now of [2, 3]) book.decide(asked('nothing\n like it'), '{}', { slot: 1 }, now);
  expect(book.report(0)).toEqual({
    requests: 3,
    unattributed: 1,
    unmatched: [{ text: 'chat m "nothing like it" of slot 1', count: 2, at: 3 }],
    unused: ['shared 1'],
  });
  expect(book.report(10)).toMatchObject({ unmatched: [], unused: ['shared 0', 'shared 1'] });
});

test.for([
  [{ api: 'messages' }, 'is for messages'],
  [{ model: 'n' }, 'model is not n'],
  [{ model: /^gpt/ }, 'model does not match /^gpt/'],
  [{ user: 'Hello' }, 'user does not contain "Hello"'],
  [{ system: /kind/i }, 'system does not match /kind/i'],
  [{ tool: 'weather' }, 'no tool weather is offered'],
  [{ turn: 'tool' }, 'the last turn is of the user, not of the tool'],
] as const)('%j does not fit, and says so', ([when, why]) => {
  expect(said(bookOf({ when, reply: 'never' }).decide(asked('?'), '{}', undefined, 1))).toContain(`shared 0: ${why}`);
});

test('of more requests than are kept, the oldest of all specs go, and those of specs that ended count no more', () => {
  const book = bookOf();
  const megabyte = 'x'.repeat(2 ** 20);
  const ask = (spec: string, count: number): void => {
    for (let now = 0; now < count; now += 1) book.decide(asked('?'), megabyte, { slot: 1, spec }, now);
  };
  const kept = (spec: string): readonly number[] => {
    const { calls, dropped } = book.calls({ slot: 1, spec }, 0);
    return [calls.length, dropped];
  };
  // Two bytes a letter: seven and a half are kept.
  ask('a', 2);
  ask('b', 4);
  expect([kept('a'), kept('b')]).toEqual([
    [2, 0],
    [4, 0],
  ]);
  book.end({ slot: 1, spec: 'b' }, 1);
  ask('c', 5);
  expect([kept('a'), kept('c')]).toEqual([
    [2, 0],
    [5, 0],
  ]);
  ask('c', 3);
  expect([kept('a'), kept('c')]).toEqual([
    [0, 2],
    [7, 1],
  ]);
});
