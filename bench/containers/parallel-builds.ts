import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { podman } from '../../test/support/engine.ts';
import { BUSYBOX } from '../../test/support/images.ts';
import type { Effort } from '../effort.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';

/** Image → units of time that a step of it waits, as for a download. */
const WAITS: Readonly<Record<string, number>> = { one: 6, two: 4, three: 4 };

/**
 * Three images that have nothing in common are built from their first step on: by hand one after the other, then by
 * Greenroom. What could be saved is all but the longest build.
 */
export async function parallelBuilds({ generations, startSeconds }: Effort): Promise<Row[]> {
  const samples = await repeat(Math.ceil(generations / 8), () =>
    inContexts(startSeconds, async (root, fill) => {
      const alone: number[] = [];
      fill();
      for (const name of Object.keys(WAITS)) alone.push(await byHand(join(root, name), name));
      fill();
      const together = await byGreenroom(root);
      const sum = alone.reduce((total, ms) => total + ms, 0);
      const longest = Math.max(...alone);
      return { sum, longest, together, missed: 1 - (sum - together) / (sum - longest) };
    }),
  );
  const all = (of: 'sum' | 'longest' | 'together'): number[] => samples.map((sample) => sample[of]);
  return [
    {
      name: 'cold builds that wait: of what could overlap, not overlapped',
      value: round(100 * median(samples.map(({ missed }) => missed))),
      unit: '%',
      goal: 15,
      note: `${spread(all('together'))}; by hand ${spread(all('sum'))}, the longest ${spread(all('longest'))}`,
    },
  ];
}

/** @param use is given what makes all contexts unlike any before */
async function inContexts<T>(startSeconds: number, use: (root: string, fill: () => void) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'greenroom-bench-images-'));
  for (const [name, units] of Object.entries(WAITS)) {
    mkdirSync(join(root, name));
    copyFileSync(BUSYBOX, join(root, name, 'busybox'));
    const wait = `RUN ["/bin/busybox", "sleep", "${units * startSeconds}"]`;
    writeFileSync(join(root, name, 'Containerfile'), `FROM scratch\nCOPY busybox nonce /bin/\n${wait}\n`);
  }
  const fill = (): void => {
    for (const name of Object.keys(WAITS)) writeFileSync(join(root, name, 'nonce'), randomBytes(8).toString('hex'));
  };
  try {
    return await use(root, fill);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function byHand(context: string, name: string): Promise<number> {
  const tag = `localhost/greenroom-bench/${name}`;
  const before = performance.now();
  await podman('build', '--pull=never', '--tag', tag, context);
  const took = performance.now() - before;
  await podman('rmi', tag);
  return took;
}

/** From the start of the builds to the last one's end; the coordinator is up by then. */
function byGreenroom(root: string): Promise<number> {
  const images = Object.keys(WAITS).map((name) => `${name}: image({ context: ${JSON.stringify(join(root, name))} })`);
  const config = `{ resources: { ${images.join(', ')} }, linger: 0 }`;
  return withRig(config, async ({ session }) => {
    const before = performance.now();
    const { endpoints } = await session.wait({ resources: null });
    const took = performance.now() - before;
    for (const { name } of Object.values(endpoints)) await podman('rmi', name as string);
    return took;
  });
}
