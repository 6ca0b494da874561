import { readdirSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, machine, release, tmpdir, totalmem, type, version } from 'node:os';
import { basename, join } from 'node:path';
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
      ...(await serverVersions(logDir)),
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

async function serverVersions(logDir: string): Promise<string[][]> {
  const logs = readdirSync(logDir).filter((name) => name.endsWith('.log'));
  const found = logs.map(async (name) => {
    const text = await beginningOf(join(logDir, name));
    const said = SAID.flatMap((pattern) => pattern.exec(text)?.slice(1).join(' ') ?? []);
    return said.slice(0, 1).map((one) => [basename(name, '.log'), one]);
  });
  return (await Promise.all(found)).flat();
}

async function beginningOf(file: string): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(LOOKED_AT) });
  return buffer.toString('utf8', 0, bytesRead);
}

async function room(dir: string): Promise<string> {
  const { bavail, bsize, blocks } = await statfs(dir);
  return `${size(bavail * bsize)} of ${size(blocks * bsize)} free`;
}
