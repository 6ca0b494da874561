/** `greenroom env`: the environment that commands get, for a shell, a dotenv file or a program. */
import type { CAC } from 'cac';
import { answered } from '../answered.ts';
import { OK } from '../exit-codes.ts';
import { currentGeneration, observe } from '../generation.ts';
import { type EnvFormat, formatEnv } from '../quote.ts';
import { exclusive, text, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command('env', 'Print the environment of what is up')
    .option('--export', 'As export statements of a POSIX shell')
    .option('--dotenv', 'As a dotenv file')
    .option('--json', 'As a JSON object')
    .example('  eval "$(greenroom env --export)"')
    .action(env);
}

async function env(options: Flags): Promise<number> {
  const format = (exclusive(options, ['export', 'dotenv', 'json']) ?? 'plain') as EnvFormat;
  const { session, state } = await observe(currentGeneration(text('config', options['config'])));
  // Only what is up: asking for more would start it.
  const resources = Object.keys(state.resources).filter((name) => state.resources[name]?.state === 'ready');
  const ready = await answered('for the environment', session.wait({ resources }));
  session.close();
  process.stdout.write(formatEnv({ ...ready.env, GREENROOM_FILE: session.file }, format));
  return OK;
}
