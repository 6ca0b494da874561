/** What the engine has in its store of images, and what is done there. */
import { z } from 'zod';
import type { Engine } from '../engine.ts';
import { isGreenroomError } from '../../protocol/failure.ts';
import { DIGEST_LABEL, isOf, outdated, type Tagger } from './names.ts';

export interface NamedImage {
  /** With host and tag. */
  readonly name: string;
  readonly id: string;
}

export interface StoredImage {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** With the layers that others stand on, too. */
  readonly bytes: number;
}

const inspected = z.tuple([
  z.object({
    Id: z.string(),
    Created: z.string(),
    Size: z.number(),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
]);

/** How often the engine is asked for its images: podman has no answer when one of them is just being removed. */
const TRIES = 10;

/** All images that have a name, once for each of their names. */
export async function namedImages(engine: Engine, tries = TRIES): Promise<readonly NamedImage[]> {
  let lines: string;
  try {
    lines = await engine.run(['images', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}']);
  } catch (error) {
    const gone = isGreenroomError(error) && error.failure.message.includes('image not known');
    if (gone && tries > 1) return namedImages(engine, tries - 1);
    throw error;
  }
  return lines.split('\n').flatMap((line) => {
    const [name = '', id = ''] = line.trim().split(' ');
    return id === '' || name.includes('<none>') ? [] : [{ name, id: bare(id) }];
  });
}

/** @param image name or id; undefined when there is none */
export async function inspectImage(engine: Engine, image: string): Promise<StoredImage | undefined> {
  try {
    const [found] = inspected.parse(JSON.parse(await engine.run(['image', 'inspect', image])));
    const { Id, Created, Size: bytes, Config } = found;
    return { id: bare(Id), labels: Config?.Labels ?? {}, madeAt: Date.parse(Created), bytes };
  } catch (error) {
    if (isGreenroomError(error)) return undefined;
    throw error;
  }
}

/**
 * The image that was made from what has this digest. Its name and its label must both say so: an image that somebody
 * made on top of one of ours has its label, too.
 */
export async function findByDigest(engine: Engine, digest: string): Promise<StoredImage | undefined> {
  for (const { name } of (await namedImages(engine)).filter((image) => isOf(image.name, digest))) {
    const image = await inspectImage(engine, name);
    if (image?.labels[DIGEST_LABEL] === digest) return image;
  }
  return undefined;
}

/**
 * Takes the names away that earlier generations of this key gave, and with its last name an image that nothing else
 * stands on. One that a container still uses stays.
 */
export async function removeOutdated(engine: Engine, tagger: Tagger): Promise<void> {
  const names = (await namedImages(engine)).map(({ name }) => name);
  for (const name of outdated(names, tagger)) await removeName(engine, name);
}

/** Takes a name away, and with its last one the image. Not where it is in use, or another process was faster. */
export async function removeName(engine: Engine, name: string): Promise<boolean> {
  try {
    await engine.run(['rmi', name]);
    return true;
  } catch (error) {
    if (isGreenroomError(error)) return false;
    throw error;
  }
}

/** podman writes ids with and without their kind. */
export const bare = (id: string): string => id.replace(/^sha256:/, '');
