/** `greenroom wait GATE`: ends when the gate is open, or says why it is not. */
import type { CAC } from 'cac';
import { unknownName } from '../../config/unknown-name.ts';
import { answered } from '../answered.ts';
import { OK } from '../exit-codes.ts';
import { currentGeneration, observe } from '../generation.ts';
import { print } from '../print.ts';
import { integer, text, usage, type Flags } from '../usage.ts';

/** About a day, and well below what a Node timer takes. */
const MAX_TIMEOUT = 86_400_000;
/** How much later than the coordinator's own answer ours is due. */
const MARGIN_MS = 15_000;

export function register(cli: CAC): void {
  cli
    .command('wait <gate>', 'Wait until a gate is open')
    .option('--at-least <n>', 'Only a generation of at least this number, where the probe answers one')
    .option('--timeout <ms>', "Milliseconds to wait at most (default: the gate's own)")
    .action(wait);
}

async function wait(gate: string, options: Flags): Promise<number> {
  const atLeast = integer('at-least', options['atLeast'], 0, Number.MAX_SAFE_INTEGER);
  const own = integer('timeout', options['timeout'], 1, MAX_TIMEOUT);
  const { session, state } = await observe(currentGeneration(text('config', options['config'])));
  const known = Object.keys(state.graph.gates);
  if (!known.includes(gate)) {
    session.close();
    if (gate in state.graph.resources)
      throw usage(`\`${gate}\` is a resource, not a gate`, `\`greenroom up --needs ${gate}\` waits until it is ready`);
    throw unknownName('gate', gate, known);
  }
  const timeout = own ?? state.graph.gates[gate]?.timeout ?? MAX_TIMEOUT;
  const asked = { name: gate, ...(atLeast === undefined ? {} : { atLeast }) };
  await answered(`for gate ${gate}`, session.wait({ resources: [], gates: [asked], timeout }), timeout + MARGIN_MS);
  session.close();
  print(`gate ${gate} is open`);
  return OK;
}
