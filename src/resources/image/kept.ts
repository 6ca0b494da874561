/** Images that were built for earlier runs and are still in the engine's store. */
import { ownName } from '../../containers/build/names.ts';
import { inspectImage, namedImages, removeName } from '../../containers/build/store.ts';
import { installedEngine, type Engine } from '../../containers/engine.ts';

export interface KeptImage {
  readonly name: string;
  /** Of the infrastructure that it was built for. */
  readonly key: string;
  /** With layers that other images stand on, too. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

/** Those of one engine. */
export class KeptImages {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** The last built first. @throws GreenroomError ENGINE_FAILED */
  async list(): Promise<readonly KeptImage[]> {
    const kept: KeptImage[] = [];
    for (const { name } of await namedImages(this.engine)) {
      const own = ownName(name);
      if (own === undefined) continue;
      const image = await inspectImage(this.engine, name);
      if (image !== undefined) kept.push({ name, key: own.key, bytes: image.bytes, madeAt: image.madeAt });
    }
    return kept.toSorted((a, b) => b.madeAt - a.madeAt);
  }

  /** Takes its name away; false where that did not go, as of one that a container uses. */
  remove({ name }: KeptImage): Promise<boolean> {
    return removeName(this.engine, name);
  }
}

/** Undefined without an engine. */
export function openImages(env: Readonly<Record<string, string>>): KeptImages | undefined {
  const engine = installedEngine(env);
  return engine && new KeptImages(engine);
}
