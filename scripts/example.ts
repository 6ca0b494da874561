/**
 * `npm run example`: runs the specs of examples/orders as a user would, then shows from the generation's event log
 * what Greenroom did for them. Ends with 1 when one of the claims does not hold.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import type { Event } from '../src/coordinator/events.ts';
import { columns } from '../src/report/format.ts';
import {
  allPassed,
  type Claim,
  heldAtTheGate,
  leasesAtThePeak,
  ownParts,
  startedOnce,
  tornDownLast,
} from './example/proof.ts';
import { runSpecs } from './example/specs.ts';
import { Traces } from './example/traces.ts';

const project = fileURLToPath(new URL('../examples/orders/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'greenroom-example-'));

// ^C reaches the specs' process too; what follows shows that nothing is left then either.
process.on('SIGINT', () => undefined);

try {
  const traces = new Traces(scratch);
  const specs = await runSpecs(project, { GREENROOM_RUNTIME_DIR: scratch });
  const nothingLeft = await traces.gone();
  const [logDir = ''] = traces.generations;
  const log = join(logDir, 'events.ndjson');
  const events = readEvents(log);
  const claims = [
    startedOnce(events, traces.generations.length),
    ownParts(events, specs.files),
    leasesAtThePeak(events),
    heldAtTheGate(events, 'catalog', specs.files),
    allPassed(events, specs),
    tornDownLast(events),
    nothingLeft,
  ];
  console.log(`What happened, read from ${relative(process.cwd(), log)}\n\n${table(claims)}\n`);
  process.exitCode = claims.every(({ holds }) => holds) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function readEvents(log: string): readonly Event[] {
  try {
    return readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
  } catch {
    return []; // nothing was started, and every claim says so
  }
}

function table(claims: readonly Claim[]): string {
  const rows = columns(claims.map(({ claim, detail }) => [claim, detail]));
  return rows
    .map((row, index) => `  ${claims[index]?.holds ? styleText('green', '✔') : styleText('red', '✖')} ${row}`)
    .join('\n');
}
