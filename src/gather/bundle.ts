import { mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { within } from '../platform/deadline.ts';
import { keepNewest } from '../platform/keep-newest.ts';
import { makeProjectDir, projectDir } from '../platform/project-dir.ts';
import { describeError } from '../protocol/failure.ts';
import type { Collector, Scene } from './collector.ts';
import { collectorsOf } from './collectors.ts';
import { indexText, type Outcome } from './index-text.ts';
import type { Gathered, GatherRequest } from './request.ts';
import { sceneOf } from './scene.ts';
import { startWorkers } from './workers.ts';

/** Milliseconds for each part. They run side by side. */
const COLLECTOR_MS = 10_000;
const PACK_MS = 30_000;
const KEPT_BUNDLES = 10;
const INDEX = 'index.md';

/** Makes the bundle: a directory, and an archive of it beside that. */
export async function makeBundle(request: GatherRequest): Promise<Gathered> {
  const dir = makeBundleDir(request.logDir);
  const archive = `${dir}.tar.gz`;
  await using workers = startWorkers();
  const scene = sceneOf(request, dir, workers.copy);
  const outcomes = await Promise.all(collectorsOf(request.logDir).map((collector) => run(collector, scene)));
  await scene.write(INDEX, indexText(scene, outcomes, filesIn(dir), Date.now()));
  const bytes = await within(workers.pack({ dir, archive }), PACK_MS, () => {
    throw new Error(`${dir} was not packed within ${PACK_MS} ms`);
  });
  // Each is two entries.
  keepNewest(dirname(dir), 2 * (KEPT_BUNDLES - 1), new Set([dir, archive]));
  return { dir, archive, bytes, missing: outcomes.filter(({ why }) => why !== undefined).map(({ name }) => name) };
}

/** The next free one: two processes may be at it. */
function makeBundleDir(logDir: string): string {
  const root = dirname(dirname(dirname(logDir)));
  const all = projectDir(root, 'gather');
  makeProjectDir(root, all);
  for (let number = 1; ; number += 1) {
    const dir = join(all, `${basename(logDir)}-${number}`);
    // Undefined for one that is there already.
    if (mkdirSync(dir, { recursive: true, mode: 0o700 }) !== undefined) return dir;
  }
}

async function run({ name, collect }: Collector, scene: Scene): Promise<Outcome> {
  try {
    await within(collect(scene), COLLECTOR_MS, () => {
      throw new Error(`it did not end within ${COLLECTOR_MS} ms`);
    });
    return { name };
  } catch (error) {
    return { name, why: describeError(error) };
  }
}

function filesIn(dir: string): readonly string[] {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
}
