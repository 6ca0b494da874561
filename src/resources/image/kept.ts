/** Images that were built for earlier runs and are still in the engine's store. */
import { ownName } from '../../containers/build/names.ts';
import { inspectImage, namedImages, removeName } from '../../containers/build/store.ts';
import { installedEngine } from '../../containers/engine.ts';

type Env = Readonly<Record<string, string>>;

export interface KeptImage {
  readonly name: string;
  /** Of the infrastructure that it was built for. */
  readonly key: string;
  /** With layers that other images stand on, too. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

/** The last built first; none without an engine. @throws GreenroomError ENGINE_FAILED */
export async function keptImages(env: Env): Promise<readonly KeptImage[]> {
  const engine = installedEngine(env);
  if (engine === undefined) return [];
  const kept: KeptImage[] = [];
  for (const { name } of await namedImages(engine)) {
    const own = ownName(name);
    const image = own === undefined ? undefined : await inspectImage(engine, name);
    if (own !== undefined && image !== undefined) {
      kept.push({ name, key: own.key, bytes: image.bytes, madeAt: image.madeAt });
    }
  }
  return kept.toSorted((a, b) => b.madeAt - a.madeAt);
}

/** Takes their names away, and returns those that are gone: what a container uses stays. */
export async function removeImages(env: Env, images: readonly KeptImage[]): Promise<readonly KeptImage[]> {
  const engine = installedEngine(env);
  const removed: KeptImage[] = [];
  for (const image of images) {
    if (engine !== undefined && (await removeName(engine, image.name))) removed.push(image);
  }
  return removed;
}
