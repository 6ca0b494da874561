/** `greenroom chaos ACT RESOURCE`: breaks a resource that is up on purpose, or has it healed. */
import type { CAC } from 'cac';
import { unknownName } from '../../config/unknown-name.ts';
import type { ChaosAct } from '../../protocol/messages.ts';
import { SUITE } from '../../protocol/plan.ts';
import { answered } from '../answered.ts';
import { OK } from '../exit-codes.ts';
import { currentGeneration, observe } from '../generation.ts';
import { print } from '../print.ts';
import { text, unknownWord, type Flags } from '../usage.ts';

const DONE: Readonly<Record<ChaosAct, string>> = {
  kill: 'was killed',
  stop: 'was stopped',
  pause: 'is paused',
  heal: 'may go on',
};

/** Beyond the resource's own stop time-out, which is not known here. */
const TIMEOUT_MS = 120_000;

export function register(cli: CAC): void {
  cli
    .command('chaos <act> <resource>', 'Kill, stop, pause or heal a resource, to see what your suite makes of it')
    .option('--force', 'Even while specs use it')
    .example('  greenroom chaos kill db')
    .action(chaos);
}

async function chaos(act: string, resource: string, options: Flags): Promise<number> {
  if (!isAct(act)) throw unknownWord('act', act, Object.keys(DONE), `one of ${Object.keys(DONE).join(', ')}`);
  const { session, state } = await observe(currentGeneration(text('config', options['config'])));
  try {
    const known = Object.keys(state.graph.resources).filter((name) => name !== SUITE);
    if (!known.includes(resource)) throw unknownName('resource', resource, known);
    await answered(`to ${act} ${resource}`, session.chaos(resource, act, options['force'] === true), TIMEOUT_MS);
  } finally {
    session.close();
  }
  print(`${resource} ${DONE[act]}`);
  return OK;
}

const isAct = (word: string): word is ChaosAct => Object.hasOwn(DONE, word);
