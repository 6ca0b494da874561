/** `greenroom gather`: what is needed to understand the infrastructure, of the generation that is up or the last one. */
import { relative } from 'node:path';
import type { CAC } from 'cac';
import { gather as makeBundle } from '../../gather/start.ts';
import { size } from '../../platform/size.ts';
import { OK } from '../exit-codes.ts';
import { lastGeneration } from '../last-generation.ts';
import { knownSecrets } from '../gathering.ts';
import { requireLog } from '../logged.ts';
import { print, say } from '../print.ts';
import { text, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command('gather [...resources]', 'Collect logs, states and processes of what is up, or was last, without secrets')
    .option('--json', 'As a JSON object')
    .example('  greenroom gather')
    .example('  greenroom gather db api')
    .action(gather);
}

async function gather(resources: readonly string[], options: Flags): Promise<number> {
  const config = text('config', options['config']);
  const { dir, file } = lastGeneration(config);
  resources.forEach((resource) => requireLog(dir, resource));
  const bundle = await makeBundle({
    logDir: dir,
    ...(file === undefined ? {} : { file }),
    reason: 'on demand',
    secrets: await knownSecrets(config),
    ...(resources.length === 0 ? {} : { resources }),
    versions: {},
  });
  if (options['json'] === true) print(JSON.stringify(bundle, null, 2));
  else print(`${relative(process.cwd(), bundle.archive)} (${size(bundle.bytes)})`);
  for (const name of bundle.missing) say(`greenroom: ${name} could not be collected; index.md says why`);
  return OK;
}
