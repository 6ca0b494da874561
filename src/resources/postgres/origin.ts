import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ResourceContext } from '../driver.ts';
import type { Binaries } from './binaries.ts';
import { ENCODING, LOCALE } from './cluster.ts';
import { readSteps } from './contents.ts';
import { KeptData } from './kept-data.ts';
import type { PostgresPlan } from './options.ts';
import { dataKey, templateKey } from './template-key.ts';
import type { Origin } from './templated.ts';

/** What the data directory of these options is made from, as its files are now. */
export async function originOf(
  options: PostgresPlan,
  binaries: Binaries,
  uid: number,
  ctx: ResourceContext,
): Promise<Origin> {
  const [version, steps] = await Promise.all([versionOf(binaries), readSteps(options, ctx)]);
  const { extensions = [], settings = {}, salt = '' } = options;
  const key = templateKey({
    serverMajor: Number(/\d+/.exec(version)?.[0]),
    encoding: ENCODING,
    locale: LOCALE,
    settings,
    extensions,
    salt,
    steps: steps.map(({ step, files }) => ({ ...step, files })),
  });
  return { version, kept: new KeptData(dataKey(key, version, uid), ctx), key, source: { extensions, steps } };
}

/** `postgres (PostgreSQL) 18.4`, with the name of the packager where there is one; or what the package says. */
async function versionOf({ bin, version }: Binaries): Promise<string> {
  if (version !== undefined) return version;
  const { stdout } = await promisify(execFile)(join(bin, 'postgres'), ['--version']);
  return stdout.trim();
}
