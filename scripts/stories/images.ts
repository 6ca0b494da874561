/** What stories about images have in common: small contexts, podman by hand, and an engine that is left as it was. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/coordinator/events.ts';
import { engineEnv, tryPodman } from '../../test/support/engine.ts';
import { BUSYBOX } from '../../test/support/images.ts';
import { events } from './greenroom.ts';
import { until } from './processes.ts';
import { onStage, type Stage } from './stage.ts';

/** podman by hand, whatever it ends with. */
export { tryPodman as podman } from '../../test/support/engine.ts';

/** A stage on which images are made; those and their containers are removed at the end, and then none of them may be left. */
export async function withImages<T>(fixture: string, act: (stage: Stage, mark: string) => Promise<T>): Promise<T> {
  const mark = `gr-story-${randomBytes(4).toString('hex')}`;
  return onStage(fixture, async (plain) => {
    const stage = { ...plain, env: { ...plain.env, ...engineEnv() } };
    try {
      return await act(stage, mark);
    } finally {
      await strike(stage, mark);
    }
  });
}

/** Puts what every image is made from into these contexts, so that none is like one of another run. */
export function fill(stage: Stage, contexts: readonly string[]): void {
  for (const context of contexts) {
    copyFileSync(BUSYBOX, join(stage.dir, context, 'busybox'));
    writeFileSync(join(stage.dir, context, 'nonce'), randomBytes(8).toString('hex'));
  }
}

/** The builds that the event logs of a stage tell of, in order. */
export function builds(stage: Stage): readonly Extract<Event, { kind: 'built' }>[] {
  return events(stage).filter((event) => event.kind === 'built');
}

/** podman has no answer when an image is just being removed by somebody else. */
async function answerOf(args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await tryPodman(...args);
  return code === 0 ? stdout : undefined;
}

async function strike(stage: Stage, mark: string): Promise<void> {
  // Of all projects on the stage; a key's directory has its name.
  const keys = readdirSync(stage.runtimeDir);
  const ours = (text: string): boolean => [mark, ...keys].some((word) => text.includes(word));
  const left = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await until(`podman ${args[0] ?? ''}`, () => answerOf(args))).split('\n').filter(ours);
  for (const container of await left('ps', '--all', '--format', '{{.Names}} {{.Image}}')) {
    await tryPodman('rm', '--force', '--time', '0', container.split(' ', 1)[0] ?? '');
  }
  // What lost its name to another image is known by its label.
  const images = ['images', '--format', '{{.ID}} {{.Repository}}:{{.Tag}} {{.Labels}}'];
  for (const image of await left(...images)) await tryPodman('rmi', '--force', image.split(' ', 1)[0] ?? '');
  const rest = [
    ...(await left(...images)),
    ...(await left('ps', '--all', '--external', '--format', '{{.Names}} {{.Image}}')),
  ];
  if (rest.length > 0) throw new Error(`left in podman: ${rest.join(', ')}`);
}
