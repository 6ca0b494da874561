import { readdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, machine, release, tmpdir, totalmem, type, version } from 'node:os';
import { join } from 'node:path';
import { packageVersion } from '../../platform/package-version.ts';
import { size } from '../../platform/size.ts';
import { columns } from '../../report/format.ts';
import type { Collector } from '../collector.ts';

/** What servers say of themselves when they start, with the group that is their version. */
const SAID = [/starting (PostgreSQL [\d.]+)/, /(Redis version=[\w.]+)/, /(Redis) (\d[\d.]*) \(/];
/** Of a log, from its beginning. */
const LOOKED_AT = 64 << 10;

/** Versions of all that takes part, and how much room there is on the machine. */
export const versions: Collector = {
  name: 'versions',
  async collect(scene) {
    const { logDir, versions: told } = scene.request;
    const rows = [
      ['greenroom', packageVersion()],
      ['node', process.versions.node],
      ...Object.entries(told),
      ...serverVersions(logDir),
      ['system', `${type()} ${release()} ${machine()}`],
      ['kernel', version()],
      [
        'cpus',
        `${availableParallelism()}, load ${loadavg()
          .map((load) => load.toFixed(2))
          .join(' ')}`,
      ],
      ['memory', `${size(freemem())} of ${size(totalmem())} free`],
      ...(await Promise.all([tmpdir(), logDir].map(async (dir) => [`disk at ${dir}`, await room(dir)]))),
    ];
    await scene.write('versions.txt', `${columns(rows).join('\n')}\n`);
  },
};

function serverVersions(logDir: string): [string, string][] {
  const logs = readdirSync(logDir).filter((name) => name.endsWith('.log'));
  return logs.flatMap((name) => {
    const text = readFileSync(join(logDir, name)).subarray(0, LOOKED_AT).toString();
    const said = SAID.map((pattern) => pattern.exec(text)?.slice(1).join(' ')).find((found) => found !== undefined);
    return said === undefined ? [] : [[name.replace(/\.log$/, ''), said] satisfies [string, string]];
  });
}

async function room(dir: string): Promise<string> {
  const { bavail, bsize, blocks } = await statfs(dir);
  return `${size(bavail * bsize)} of ${size(blocks * bsize)} free`;
}
