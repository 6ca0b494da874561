import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Act, CALM, escalate, type Escalation, type Pressure } from '../../../src/cli/escalation.ts';

const INT: Pressure = { kind: 'signal', signal: 'SIGINT', delivered: false };
const TERM: Pressure = { kind: 'signal', signal: 'SIGTERM', delivered: false };
const FROM_TERMINAL: Pressure = { kind: 'signal', signal: 'SIGINT', delivered: true };
const GRACE: Pressure = { kind: 'grace-over' };
const LOST: Pressure = { kind: 'lost' };

function acts(...pressures: readonly Pressure[]): string[] {
  let now: Escalation = CALM;
  return pressures.map((pressure) => {
    const step = escalate(now, pressure);
    now = step.next;
    return `${now.level}: ${step.acts.map(describe).join(', ')}`;
  });
}

function describe(act: Act): string {
  return act.do === 'forward' ? act.signal : act.do;
}

test('three signals: cancel, report only, bail', () => {
  expect(acts(INT, INT, INT, INT)).toEqual(['cancel: SIGINT, wait', 'report: SIGINT, wait', 'bail: kill', 'bail: ']);
});

test('one signal and no answer goes through the same levels, with the same signal', () => {
  expect(acts(TERM, GRACE, GRACE)).toEqual(['cancel: SIGTERM, wait', 'report: SIGTERM, wait', 'bail: kill']);
});

test("a terminal's signal is not doubled, but repeated when the grace is over", () => {
  expect(acts(FROM_TERMINAL, GRACE, GRACE)).toEqual(['cancel: wait', 'report: SIGINT, wait', 'bail: kill']);
});

test('each level forwards the signal that was sent last', () => {
  expect(acts(INT, TERM)).toEqual(['cancel: SIGINT, wait', 'report: SIGTERM, wait']);
});

test('a loss cancels what runs, and does not hurry what is ending', () => {
  expect(acts(LOST, GRACE, GRACE)).toEqual(['cancel: SIGTERM, wait', 'report: SIGTERM, wait', 'bail: kill']);
  expect(acts(INT, LOST, LOST)).toEqual(['cancel: SIGINT, wait', 'cancel: ', 'cancel: ']);
});

test('whatever comes: levels only rise, one at a time, and the kill comes once', () => {
  const ORDER = ['running', 'cancel', 'report', 'bail'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(INT, TERM, FROM_TERMINAL, GRACE, LOST)), (pressures) => {
      const steps = acts(...pressures);
      const levels = steps.map((step) => ORDER.indexOf(step.split(':')[0] ?? ''));
      levels.reduce((before, level) => {
        expect(level - before === 0 || level - before === 1).toBe(true);
        return level;
      }, 0);
      expect(steps.filter((step) => step.endsWith('kill')).length).toBeLessThanOrEqual(1);
    }),
  );
});
