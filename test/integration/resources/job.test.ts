import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../../../src/resources/command/index.ts';
import { projectDir, startResource } from '../../support/resources.ts';

const sh = (script: string): string[] => ['sh', '-c', script];

test('is ready when its program has ended well', async () => {
  const root = projectDir();
  const { endpoint } = await startResource(command({ kind: 'job', run: sh('echo done > result') }), { root });
  expect(endpoint).toEqual({ epoch: 1 });
  expect(existsSync(join(root, 'result'))).toBe(true);
});

test('its end is not a loss', async () => {
  const { lost, stop } = await startResource(command({ kind: 'job', run: sh('exit 0') }));
  await stop();
  expect(await Promise.race([lost, Promise.resolve('not lost')])).toBe('not lost');
});

test('runs where and with what it is told', async () => {
  const run = sh('test "$(basename "$PWD")" = .greenroom && test "$STAGE" = test');
  const { failure } = await startResource(command({ kind: 'job', run, cwd: '.greenroom', env: { STAGE: 'test' } }));
  expect(failure).toBeUndefined();
});

test('has failed when its program ends badly, and its log says why', async () => {
  const { failure } = await startResource(command({ kind: 'job', run: sh('echo no such table >&2; exit 4') }));
  expect(failure).toMatchObject({
    code: 'JOB_FAILED',
    message: 'the job subject exited with code 4',
    log: ['no such table'],
  });
});

test('has its deadline, after which nothing of it runs', async () => {
  const run = sh('sleep 1000 & wait');
  const { failure } = await startResource(command({ kind: 'job', run, startTimeout: 200 }));
  expect(failure).toMatchObject({ code: 'RESOURCE_START_TIMEOUT' });
});
