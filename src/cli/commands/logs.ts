/** `greenroom logs`: the log of a resource, of the generation that is up or else of the last one. */
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CAC } from 'cac';
import { pause } from '../../platform/deadline.ts';
import { OK } from '../exit-codes.ts';
import { lastGeneration } from '../last-generation.ts';
import { requireLog } from '../logged.ts';
import { text, type Flags } from '../usage.ts';

const LOOK_MS = 100;

export function register(cli: CAC): void {
  cli
    .command('logs <resource>', 'Print the log of a resource, or of the `coordinator`')
    .option('-f, --follow', 'Go on as long as the infrastructure is up')
    .action(logs);
}

async function logs(resource: string, options: Flags): Promise<number> {
  const { dir, lives } = lastGeneration(text('config', options['config']));
  requireLog(dir, resource);
  const file = join(dir, `${resource}.log`);
  let from = await printFrom(file, 0);
  while (options['follow'] === true && lives()) {
    await pause(LOOK_MS);
    from = await printFrom(file, from);
  }
  return OK;
}

/** Prints what was added since; returns where the file ends now. */
async function printFrom(file: string, from: number): Promise<number> {
  const { size } = statSync(file);
  if (size > from)
    await pipeline(createReadStream(file, { start: from, end: size - 1 }), process.stdout, { end: false });
  return size;
}
