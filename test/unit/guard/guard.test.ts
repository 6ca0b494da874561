import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { circuitOf, guard } from '../../../src/guard/index.ts';

const down = (): never => {
  throw new Error('connect ECONNREFUSED 127.0.0.1:1');
};
let port = 1;
/** One that no other test has called. */
const endpoint = (): { host: string; port: number; epoch: number } => ({
  host: '127.0.0.1',
  port: (port += 1),
  epoch: 1,
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

async function outcomes(calls: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  return (await Promise.allSettled(calls)).map((one) =>
    one.status === 'fulfilled' ? one.value : ((one.reason as { code?: string }).code ?? (one.reason as Error).message),
  );
}

test('failures in a row open it; then calls are refused without being made, with the last failure as the cause', async () => {
  const at = endpoint();
  for (let call = 0; call < 3; call += 1)
    await expect(guard(at, down, { threshold: 3 })).rejects.toThrow('ECONNREFUSED');
  const call = vi.fn<() => string>();
  const refused = guard(at, call, { threshold: 3 });
  await expect(refused).rejects.toMatchObject({
    code: 'CIRCUIT_OPEN',
    message: `calls to 127.0.0.1:${at.port} are refused: 3 in a row have failed, the last one with: connect ECONNREFUSED 127.0.0.1:1`,
    cause: { message: 'connect ECONNREFUSED 127.0.0.1:1' },
  });
  expect(call).not.toHaveBeenCalled();
  expect(circuitOf(at, { threshold: 3 })).toEqual({ state: 'open', failures: 3, refused: 1 });
});

test('failures by turns never open it', async () => {
  const at = endpoint();
  for (let call = 0; call < 50; call += 1) {
    await outcomes([guard(at, down, { threshold: 2 })]);
    expect(await guard(at, () => 'ok', { threshold: 2 })).toBe('ok');
  }
  expect(circuitOf(at, { threshold: 2 })).toEqual({ state: 'closed', failures: 0, refused: 0 });
});

test('after a while one call is let through: it closes the circuit, or opens it again', async () => {
  const at = endpoint();
  const options = { threshold: 1, halfOpenAfter: 500 };
  await outcomes([guard(at, down, options)]);
  vi.setSystemTime(Date.now() + 499);
  expect(await outcomes([guard(at, () => 'ok', options)])).toEqual(['CIRCUIT_OPEN']);
  vi.setSystemTime(Date.now() + 1);
  // The one fails, and with it who has waited for it.
  const trial = Promise.withResolvers<string>();
  const first = guard(at, () => trial.promise, options);
  expect(circuitOf(at, options).state).toBe('half-open');
  const second = guard(at, () => 'not made', options);
  trial.reject(new Error('still down'));
  expect(await outcomes([first, second])).toEqual(['still down', 'CIRCUIT_OPEN']);
  expect(circuitOf(at, options)).toEqual({ state: 'open', failures: 2, refused: 2 });
  vi.setSystemTime(Date.now() + 500);
  expect(await guard(at, () => 'ok', options)).toBe('ok');
  expect(circuitOf(at, options)).toMatchObject({ state: 'closed', failures: 0 });
});

test('each endpoint has a circuit of its own, and so has each start of one; the message has no credentials', async () => {
  const at = endpoint();
  await outcomes([guard(at, down, { threshold: 1 })]);
  expect(await outcomes([guard(at, () => 'ok', { threshold: 1 })])).toEqual(['CIRCUIT_OPEN']);
  expect(await guard({ ...at, epoch: 2 }, () => 'ok', { threshold: 1 })).toBe('ok');
  expect(await guard(endpoint(), () => 'ok', { threshold: 1 })).toBe('ok');
  const db = { url: 'postgres://app:hunter2@127.0.0.1:5432/db' };
  await outcomes([guard(db, down, { threshold: 1 })]);
  await expect(guard(db, () => 'ok', { threshold: 1 })).rejects.toThrow('calls to 127.0.0.1:5432 are refused');
});
