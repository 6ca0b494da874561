import { cpSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { greenroom } from './greenroom.ts';
import { fill, withImages } from './images.ts';
import { go, report, said, start, type Actor } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Checkouts of the same project on one machine, each with sources of its own. */
const SHARDS = 4;

/** All shards build to the same tag, and run what the last one of them has built. */
export const R8: Story = {
  id: 'R8',
  title: 'shared tag: four shards build different sources to one tag, and run it',
  loss: "shards that ran another shard's image",
  runs: 3,
  plain: (fault) =>
    withImages('R8', (stage, mark) =>
      shards(stage, fault ? SHARDS : 1, (shard, name) =>
        start(shard, name, ['node', 'shard.mjs'], { TAG: `localhost/${mark}/app:e2e-test` }),
      ),
    ),
  greenroom: (fault) =>
    withImages('R8', (stage) =>
      shards(stage, fault ? SHARDS : 1, (shard, name) => greenroom(shard, name, ['run', '--', 'node', 'shard.mjs'])),
    ),
};

type Launch = (shard: Stage, name: string) => Actor;

async function shards(stage: Stage, count: number, launch: Launch): Promise<Outcome> {
  const names = Array.from({ length: count }, (_, index) => `shard-${index + 1}`);
  const actors = names.map((name) => {
    // Beside the project, so that they are no part of each other.
    const shard = { ...stage, dir: join(dirname(stage.dir), name) };
    cpSync(stage.dir, shard.dir, { recursive: true });
    fill(shard, ['app']);
    writeFileSync(join(shard.dir, 'app', 'who'), name);
    return launch(shard, name);
  });
  for (const actor of actors) await said(actor, 'built');
  for (const actor of actors) go(actor);
  const reports = await Promise.all(actors.map((actor) => report<{ readonly who: string }>(actor)));
  return { total: count, lost: reports.filter(({ who }, index) => who !== names[index]).length };
}
