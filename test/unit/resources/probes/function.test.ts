import { expect, test } from 'vitest';
import { GreenroomError } from '../../../../src/protocol/failure.ts';
import { askOnce } from '../../../../src/resources/probes/run.ts';
import { answering, probeContext } from '../../../support/probes.ts';

const PROBE = { probe: 'function', check: { $function: 'check' } } as const;

test.for([
  [true, true, undefined],
  [false, false, undefined],
  [undefined, false, undefined],
  [2, true, 2],
  [0, false, undefined],
  [Number.NaN, false, undefined],
] as const)('%s is good: %s', async ([value, ok, generation]) => {
  const answer = await askOnce(PROBE, probeContext(answering({ check: () => value })));
  expect({ ok: answer.ok, generation: answer.generation }).toEqual({ ok, generation });
});

test('is given the endpoints of the needs, and its own', async () => {
  const check = (needs: { db: { port: number } }, self: { port: number }): number => needs.db.port + self.port;
  const context = probeContext({ ...answering({ check }), needs: { db: { port: 40 } }, self: { port: 2 } });
  expect(await askOnce(PROBE, context)).toMatchObject({ generation: 42, answer: 'the check answered 42' });
});

test('what it throws counts as not yet', async () => {
  const failure = { code: 'FUNCTION_FAILED', message: 'check of the config threw: fetch failed' } as const;
  const answer = await askOnce(PROBE, probeContext({ call: () => Promise.reject(new GreenroomError(failure)) }));
  expect(answer).toEqual({
    ok: false,
    threw: true,
    fields: {},
    answer: 'function: check of the config threw: fetch failed',
  });
});

test('a dead config host ends the wait', async () => {
  const lost = new GreenroomError({ code: 'CONFIG_HOST_LOST', message: 'gone' });
  await expect(askOnce(PROBE, probeContext({ call: () => Promise.reject(lost) }))).rejects.toBe(lost);
});
