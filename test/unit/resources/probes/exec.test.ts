import { expect, test } from 'vitest';
import { groupMembers } from '../../../../src/platform/identity.ts';
import { askOnce } from '../../../../src/resources/probes/run.ts';
import { probeContext } from '../../../support/probes.ts';

const sh = (script: string, ...args: string[]) => ['sh', '-c', script, 'probe', ...args];

test('exit code 0 is good', async () => {
  expect(await askOnce({ probe: 'exec', run: ['true'] }, probeContext())).toEqual({
    ok: true,
    fields: {},
    answer: 'exec true exited with code 0',
  });
});

test('any other exit code is not, and the output says why', async () => {
  const answer = await askOnce({ probe: 'exec', run: sh('echo not yet >&2; exit 3') }, probeContext());
  expect(answer).toMatchObject({ ok: false, answer: expect.stringMatching(/exited with code 3: not yet$/) });
});

test('is told the port, in PORT and in its arguments', async () => {
  const run = sh('test "$PORT-$1" = 8080-at:8080', 'at:{port}');
  expect(await askOnce({ probe: 'exec', run }, probeContext({ self: { port: 8080 } }))).toMatchObject({ ok: true });
});

test('has the plan’s environment and no other', async () => {
  const context = probeContext({ env: { PATH: process.env['PATH'] ?? '', STAGE: 'test' } });
  const run = sh('test "$STAGE" = test && test -z "$VITEST"');
  expect(await askOnce({ probe: 'exec', run }, context)).toMatchObject({ ok: true });
});

test('a program that is not there is an answer', async () => {
  const answer = await askOnce({ probe: 'exec', run: ['no-such-program'] }, probeContext());
  expect(answer).toMatchObject({ ok: false, answer: expect.stringContaining('exited with code 127') });
});

test('a program that does not end is ended with all that it has started', async () => {
  const run = sh('echo $$; sleep 1000 & wait');
  const answer = await askOnce({ probe: 'exec', run, timeout: 300 }, probeContext());
  const group = /did not end within 300 ms: (?<pid>\d+)$/.exec(answer.answer)?.groups?.['pid'];
  expect(answer.ok).toBe(false);
  expect(groupMembers(Number(group))).toEqual([]);
});
