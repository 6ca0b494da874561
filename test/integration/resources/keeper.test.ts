import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnShim, type ShimProcess } from '../../../src/platform/shim.ts';
import { KEEPER_FILES, keeperCommand } from '../../../src/resources/container/keeper.ts';
import { engineEnv, hasPodman, tryPodman } from '../../support/engine.ts';
import { imagesOf, type Images } from '../../support/image-contexts.ts';
import { processesWith } from '../../support/leftovers.ts';
import { eventually } from '../../support/project.ts';

/** Milliseconds: so much longer than a stop takes that one which waits for it fails its test. */
const GRACE_MS = 120_000;
/** Says when it runs, and when it is told to end. */
const POLITE = 'trap "echo told; exit 0" TERM; echo runs; while :; do /bin/busybox sleep 1 & wait $!; done';
/** As most programs in their first moments: a first process hears nothing that it does not handle. */
const DEAF = 'echo runs; exec /bin/busybox sleep 1000';

let images: Images;
let dir = '';
let made = 0;

interface Started {
  readonly name: string;
  readonly shim: ShimProcess;
  readonly file: (which: keyof typeof KEEPER_FILES) => string;
  readonly log: () => string;
}

/** @param waits whether it is let go only later */
function start(script: string, waits = false): Started {
  const name = `greenroom-test-keeper-${process.pid}-${(made += 1)}`;
  const directory = mkdtempSync(join(dir, 'keeper-'));
  const file = (which: keyof typeof KEEPER_FILES): string => join(directory, KEEPER_FILES[which]);
  if (!waits) writeFileSync(file('go'), '');
  const create = ['--pull=never', images.base, '/bin/sh', '-c', script];
  const of = { engine: 'podman', name, network: undefined, stopSignal: 'SIGTERM', grace: GRACE_MS, directory } as const;
  const shim = spawnShim({
    run: keeperCommand({ ...of, create }),
    env: { PATH: process.env['PATH'] ?? '', ...engineEnv() },
    stdout: 'pipe',
    stderr: 'pipe',
    graceMs: GRACE_MS,
  });
  let log = '';
  for (const stream of [shim.stdout, shim.stderr]) stream?.on('data', (data: Buffer) => (log += data.toString()));
  return { name, shim, file, log: () => log };
}

const isThere = async (name: string): Promise<boolean> => (await tryPodman('container', 'exists', name)).code === 0;

/** What it has begun: a process of the engine. */
const engineOf = ({ name }: Started): true | undefined =>
  processesWith(`podman run --sig-proxy=false --name ${name}`).length > 0 || undefined;

describe.skipIf(!hasPodman())('a container whose start is called off is gone, and nobody waits for it', () => {
  beforeAll(async () => {
    images = await imagesOf();
    dir = mkdtempSync(join(tmpdir(), 'greenroom-test-keeper-'));
  });
  afterAll(async () => {
    rmSync(dir, { recursive: true, force: true });
    await images.remove();
  });

  const MOMENTS: Readonly<Record<string, (keeper: Started) => unknown>> = {
    'at once': () => true,
    'as the engine begins': engineOf,
    'as it is made': async ({ name }) => (await isThere(name)) || undefined,
    'as it runs': ({ log }) => log().includes('runs') || undefined,
  };

  test.each(Object.keys(MOMENTS))('%s', async (moment) => {
    const keeper = start(DEAF);
    await eventually(() => MOMENTS[moment]?.(keeper), `it to be there: ${moment}`);
    const exit = await keeper.shim.stop();
    // It may not even have come to hear the signal.
    expect(exit).toMatchObject(moment === 'at once' && exit.code === null ? { signal: 'SIGTERM' } : { code: 143 });
    expect(await isThere(keeper.name)).toBe(false);
  });

  test('while it waits to be let go', async () => {
    const keeper = start(DEAF, true);
    await eventually(() => existsSync(keeper.file('made')) || undefined, 'it to be made');
    expect(await isThere(keeper.name)).toBe(true);
    expect(await keeper.shim.stop()).toMatchObject({ code: 143 });
    expect(await isThere(keeper.name)).toBe(false);
    expect(keeper.log()).not.toContain('runs');
  });

  test('but once it is used, its program is told', async () => {
    const keeper = start(POLITE);
    writeFileSync(keeper.file('pid'), '0\n');
    await eventually(() => keeper.log().includes('runs') || undefined, 'it to run');
    expect(await keeper.shim.stop()).toMatchObject({ code: 143 });
    expect(keeper.log()).toContain('told');
    expect(await isThere(keeper.name)).toBe(false);
  });
});
