import { expect, test } from 'vitest';
import { custom } from '../../../src/resources/custom/index.ts';
import { defineResource } from '../../../src/resources/define.ts';
import { startResource } from '../../support/resources.ts';

test('publishes what start returns, and gives it to stop', async () => {
  const stopped: unknown[] = [];
  const db = defineResource<{ port: number }>('postgres', {});
  const mail = custom({
    needs: { db },
    start: (needs) => ({ url: `smtp://127.0.0.1:${needs.db.port + 1}` }),
    stop: (endpoint) => stopped.push(endpoint),
  });
  const { endpoint, stop } = await startResource(mail, { needs: { db: { port: 5432 } } });
  expect(endpoint).toEqual({ url: 'smtp://127.0.0.1:5433', epoch: 1 });
  await stop();
  expect(stopped).toEqual([{ url: 'smtp://127.0.0.1:5433' }]);
});

test('one that returns nothing has an empty endpoint', async () => {
  const { endpoint } = await startResource(custom({ start: async () => undefined as never }));
  expect(endpoint).toEqual({ epoch: 1 });
});

test('stop is called after a start that failed half-way', async () => {
  const stopped: unknown[] = [];
  const { failure } = await startResource(
    custom({
      start: (): { url: string } => {
        throw new Error('no route to host');
      },
      stop: (...args) => stopped.push(args),
    }),
  );
  expect(failure).toMatchObject({ code: 'FUNCTION_FAILED', message: expect.stringContaining('no route to host') });
  expect(stopped).toEqual([[]]);
});

test('what start returns must be an endpoint', async () => {
  const { failure } = await startResource(custom({ start: () => 5432 as never }));
  expect(failure).toMatchObject({
    code: 'FUNCTION_FAILED',
    message: 'the function `start` of subject returned 5432, which is no endpoint',
  });
});
