/**
 * The coordinator process. Started detached by whichever member comes first, with its candidacy on standard input;
 * says on standard output, once, whether it has won. What it prints later goes to `coordinator.log`.
 */
import { text } from 'node:stream/consumers';
import type { Outcome } from '../src/client/start-coordinator.ts';
import { candidacySchema } from '../src/coordinator/candidacy-schema.ts';
import { check } from '../src/coordinator/connection.ts';
import { coordinate } from '../src/coordinator/coordinate.ts';
import { toFailure } from '../src/protocol/failure.ts';

const say = (outcome: Outcome, then: () => void = () => undefined): void =>
  void process.stdout.write(`${JSON.stringify(outcome)}\n`, then);
// Whoever started us may be dead before it has read our line.
process.stdout.on('error', () => undefined);
// A full disk costs the log, not the run.
process.stderr.on('error', () => undefined);

// Crash-only: the shims stop everything when we end, and the next generation reaps what they missed.
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});

try {
  const candidacy = check(candidacySchema, JSON.parse(await text(process.stdin)));
  await coordinate(candidacy, (won) => say({ won }));
} catch (error) {
  console.error(error);
  say({ failure: toFailure(error, 'COORDINATOR_START_FAILED') }, () => process.exit(1));
}
