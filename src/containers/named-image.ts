/** Images that somebody else made, by the name that the config has for them. */
import { GreenroomError } from '../protocol/failure.ts';
import { lastPart, meaningsOf, nearNames } from './build/names.ts';
import type { Engine } from './engine.ts';
import { namedImages, type NamedImage } from './build/store.ts';

/**
 * The image that a name means, exactly: an engine takes `x` for any `localhost/some/x` as well, and runs what nobody meant.
 *
 * @param subject whose image it is
 * @throws GreenroomError INFRA_IMAGE_NAME, with names that are near, when there is none or when it is not clear which;
 *   nothing is asked of any registry
 */
export async function findImage(engine: Engine, subject: string, name: string): Promise<NamedImage> {
  const there = await namedImages(engine);
  const found = there.filter((image) => meaningsOf(name).includes(image.name) || isIdOf(name, image.id));
  const [first] = found;
  if (first === undefined) throw unknownImage(engine, subject, name, there);
  if (found.every(({ id }) => id === first.id)) return first;
  throw unclear(subject, name, found);
}

/** Whether a registry may be asked for it: not what is called `localhost/…`, and not what is there under another prefix. */
export async function canBePulled(engine: Engine, name: string): Promise<boolean> {
  const there = (await namedImages(engine)).map((image) => image.name);
  return !isLocal(name) && !there.some((other) => lastPart(other) === lastPart(meaningsOf(name)[0] ?? name));
}

const isLocal = (name: string): boolean => name.startsWith('localhost/');

const isIdOf = (name: string, id: string): boolean =>
  /^(?:sha256:)?[0-9a-f]{12,64}$/.test(name) && id.startsWith(name.replace('sha256:', ''));

function unknownImage(engine: Engine, subject: string, name: string, there: readonly NamedImage[]): GreenroomError {
  const near = nearNames(
    name,
    there.map((image) => image.name),
  );
  const get = isLocal(name) ? 'build it first' : `get it first: \`${engine.kind} pull ${name}\``;
  return new GreenroomError({
    code: 'INFRA_IMAGE_NAME',
    message: `${subject} wants the image ${name}, which ${engine.kind} does not have${near.length === 0 ? '' : `; it has ${near.join(', ')}`}`,
    subject,
    hint: near.length === 0 ? get : `write the name as the engine has it, or ${get}`,
  });
}

function unclear(subject: string, name: string, found: readonly NamedImage[]): GreenroomError {
  return new GreenroomError({
    code: 'INFRA_IMAGE_NAME',
    message: `${subject} wants the image ${name}, which can be ${found.map((image) => image.name).join(' or ')}`,
    subject,
    hint: 'write the whole name of the one that is meant',
  });
}
