/** `greenroom up`: brings the infrastructure up and leaves it there until `greenroom down`. */
import type { CAC } from 'cac';
import { address, columns } from '../../report/format.ts';
import { PROGRESS_MODES } from '../../report/reporter.ts';
import { answered } from '../answered.ts';
import { OK } from '../exit-codes.ts';
import { print, say } from '../print.ts';
import { catchSignals } from '../signals.ts';
import { startUp } from '../start-up.ts';
import { choice, names, text, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command('up', 'Start or join the infrastructure and leave it up until `greenroom down`')
    .option('--needs <names>', 'Only these resources, separated by commas, and what they need')
    .option('--retry', 'Start again what has failed before')
    .option('--progress <mode>', `How the start is shown: ${PROGRESS_MODES.join(', ')}`)
    .action(up);
}

async function up(options: Flags): Promise<number> {
  const needs = names('needs', options['needs']);
  const signals = catchSignals();
  const { session, ready } = await startUp(
    {
      config: text('config', options['config']),
      needs,
      retry: options['retry'] === true,
      progress: choice('progress', options['progress'], PROGRESS_MODES) ?? 'auto',
    },
    signals,
  );
  await signals.unlessInterrupted(answered('to keep the infrastructure', session.hold(needs ?? null)));
  session.close();
  // A job has no endpoint.
  const reached = Object.entries(ready.endpoints).map(([name, endpoint]) => [name, endpoint.url ?? address(endpoint)]);
  columns(reached.filter(([, where]) => where !== '')).forEach(print);
  say('greenroom: up; `greenroom env` prints the environment, `greenroom down` ends it');
  return OK;
}
