import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, type Outcome } from '../../../src/attribution/exit-code.ts';
import { type Code, CODES } from '../../../src/protocol/codes.ts';

const nothing: Outcome = { runner: 0, logic: false, unsure: false, causes: [], givenUp: false, ran: true };

/** The table of docs/errors.md, row by row. */
test.each<[number, string, Partial<Outcome>]>([
  [0, 'all is well', {}],
  [1, 'what the runner says, where nothing of ours has failed', { runner: 1 }],
  [1, 'a failure of the tests', { runner: 1, logic: true }],
  [1, 'a failure of the tests, and of everything else', { logic: true, causes: ['RESOURCE_EXITED', 'GATE_TIMEOUT'] }],
  [
    1,
    'a failure of the tests, before the coordinator was lost for good',
    { logic: true, givenUp: true, causes: ['COORDINATOR_LOST'] },
  ],
  [2, 'a mistake in the config', { runner: 1, causes: ['CONFIG_INVALID'], ran: false }],
  [2, 'a mistake in the config of some files, and a gate', { causes: ['UNKNOWN_RESOURCE', 'GATE_TIMEOUT'] }],
  [10, 'a resource that some files need', { runner: 1, causes: ['RESOURCE_EXITED'] }],
  [10, 'a resource and a gate', { causes: ['RESOURCE_EXITED', 'GATE_TIMEOUT'], ran: false }],
  [10, 'the final body of the suite', { causes: ['AFTER_SUITE_FAILED'] }],
  [11, 'a resource without which no spec ran', { causes: ['RESOURCE_EXITED'], ran: false }],
  [11, 'two resources without which no spec ran', { causes: ['RESOURCE_EXITED', 'PORT_TAKEN'], ran: false }],
  [12, 'a gate', { causes: ['GATE_TIMEOUT'] }],
  [12, 'a gate that all were held at', { causes: ['GATE_TIMEOUT'], ran: false }],
  [13, 'a coordinator that was lost once', { causes: ['COORDINATOR_LOST'] }],
  [
    13,
    'a coordinator that was lost for good, whatever else failed',
    { causes: ['COORDINATOR_LOST', 'GATE_TIMEOUT'], givenUp: true },
  ],
  [14, 'what may be the tests’ or the infrastructure’s', { runner: 1, unsure: true }],
  [14, 'the same, beside what is certainly the infrastructure’s', { unsure: true, causes: ['RESOURCE_EXITED'] }],
  [1, 'the same, beside what is certainly the tests’', { unsure: true, logic: true }],
  [2, 'the same, beside a mistake in the config', { unsure: true, causes: ['CONFIG_INVALID'] }],
  [130, 'SIGINT, whatever else failed', { interrupted: 130, logic: true, causes: ['RESOURCE_EXITED'], runner: 1 }],
  [143, 'SIGTERM', { interrupted: 143 }],
])('%i: %s', (expected, _, outcome) => {
  expect(exitCodeOf({ ...nothing, ...outcome })).toBe(expected);
});

const outcomes = fc.record({
  runner: fc.constantFrom(0, 1),
  logic: fc.boolean(),
  unsure: fc.boolean(),
  causes: fc.array(fc.constantFrom(...(Object.keys(CODES) as Code[])), { maxLength: 3 }),
  givenUp: fc.boolean(),
  ran: fc.boolean(),
});

describe('an exit code of one’s own', () => {
  test('takes the place of 10 to 13, and of no other', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        const usual = exitCodeOf(outcome);
        expect(exitCodeOf(outcome, 75)).toBe(usual >= 10 && usual <= 13 ? 75 : usual);
      }),
    );
  });
});

test('a run is green only if the runner says so and the infrastructure was well', () => {
  fc.assert(
    fc.property(outcomes, (outcome) => {
      const green = outcome.runner === 0 && !outcome.logic && !outcome.unsure && outcome.causes.length === 0;
      expect(exitCodeOf(outcome) === 0).toBe(green);
    }),
  );
});
