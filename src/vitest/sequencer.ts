/** Balances shards by how long spec files take: `sequence: { sequencer: GreenroomSequencer }`. */
import { join, resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { balanced } from '../durations/bins.ts';
import { DURATIONS_FILE, durationsHash, median, type Durations } from '../durations/durations.ts';
import { GreenroomError, isGreenroomError } from '../protocol/failure.ts';
import { withExitCode } from './exit-code.ts';
import { longestFirst } from './durations/order.ts';
import { knownDurations } from './durations/record.ts';
import { specKeys } from './durations/spec-keys.ts';
import { NO_DURATIONS, stampModules } from './durations/stamp.ts';

/**
 * Shards by the committed durations (`greenroom.durations.json` beside `greenroom.config.ts`, or the file that
 * `GREENROOM_DURATIONS` names), so that all take about as long; without them as Vitest does. Within a shard the files
 * that took longest on this machine begin first.
 */
export class GreenroomSequencer extends BaseSequencer {
  /**
   * The same on every shard, as long as all of them select the same files and have the same durations.
   * @throws GreenroomError DURATIONS_INVALID, DURATIONS_NOT_FOUND
   */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { shard, root } = this.ctx.config;
    const keys = specKeys(root);
    const durations = await committed(keys.root);
    stampModules(this.ctx, durations === undefined ? NO_DURATIONS : durationsHash(durations));
    if (durations === undefined || shard === undefined) return super.shard(files);
    const usual = median([...durations.values()]);
    const items = files.map((file) => {
      const key = keys.of(file);
      // One file may be there as a test and as a type test.
      return { file, id: `${key} ${file.pool}`, ms: durations.get(key) ?? usual };
    });
    return (balanced(items, shard.count)[shard.index - 1] ?? []).map(({ file }) => file);
  }

  /** As Vitest does, then longest first where Vitest has no order of its own between projects and groups. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- Vitest's own, which returns a new list
    const sorted = await super.sort(files);
    const known = await knownDurations(this.ctx);
    const { of } = specKeys(this.ctx.config.root);
    return longestFirst(sorted, { ms: (file) => known.get(of(file)), together });
  }
}

function together({ project: a }: TestSpecification, { project: b }: TestSpecification): boolean {
  const { isolate, sequence } = a.config;
  return a.name === b.name && isolate === b.config.isolate && sequence.groupOrder === b.config.sequence.groupOrder;
}

/** The durations that were committed or passed; undefined when there are none. */
async function committed(root: string): Promise<Durations | undefined> {
  const { GREENROOM_DURATIONS: passed = '' } = process.env;
  try {
    // It brings zod, and most runs have no shards.
    const { readDurations } = await import('../durations/files.ts');
    const durations = readDurations(passed === '' ? join(root, DURATIONS_FILE) : resolve(passed));
    if (durations === undefined && passed !== '') throw notThere(passed);
    return durations;
  } catch (error) {
    throw isGreenroomError(error) ? withExitCode(error) : error;
  }
}

function notThere(passed: string): GreenroomError {
  return new GreenroomError({
    code: 'DURATIONS_NOT_FOUND',
    message: `GREENROOM_DURATIONS names ${passed}, which is not there`,
    hint: '`greenroom durations --write FILE` writes such a file',
  });
}
