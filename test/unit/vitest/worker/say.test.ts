import { expect, test } from 'vitest';
import type { Failure } from '../../../../src/protocol/failure.ts';
import { blocked, retell } from '../../../../src/vitest/worker/say.ts';

const cause: Failure = { code: 'RESOURCE_EXITED', message: 'db exited with code 1', log: ['no licence'] };
const failure: Failure = { code: 'DEPENDENCY_FAILED', message: 'api needs db', hint: 'see the log', cause };

test('who is blocked says why once and in short, and is known by its code', () => {
  const error = blocked(failure);
  const message = `blocked by infrastructure: api needs db [DEPENDENCY_FAILED]
because db exited with code 1 [RESOURCE_EXITED]
hint: see the log`;
  expect(error).toMatchObject({ message, stack: `GreenroomError: ${message}`, code: 'DEPENDENCY_FAILED' });
  expect(Object.keys(error).toSorted()).toEqual(['code', 'name']);
});

test('an error is retold in its message and in its stack, which keeps its frames', () => {
  const error = new TypeError('one\ntwo');
  const frames = error.stack?.slice('TypeError: one\ntwo'.length);
  retell(error, (message) => `${message}\nthree`);
  expect(error.message).toBe('one\ntwo\nthree');
  expect(error.stack).toBe(`TypeError: one\ntwo\nthree${frames}`);
});

test('an error whose message cannot be set is left as it is', () => {
  const error = new DOMException('aborted', 'AbortError');
  retell(error, (message) => `more: ${message}`);
  expect(error.message).toBe('aborted');
});
