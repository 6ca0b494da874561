/** Names of images: those that we give, and what a name that somebody wrote can mean. Pure. */
import { editDistance } from '../../platform/nearest.ts';

/** What all labels of ours begin with. */
export const LABEL_PREFIX = 'dev.greenroom.';
/** Label of an image: the digest of what it was made from. */
export const DIGEST_LABEL = `${LABEL_PREFIX}digest`;

/** All names that we give begin with it: `localhost` is never asked for, so that nothing is pulled for it. */
const REPOSITORY = 'localhost/greenroom/';
/** Letters of a digest in a tag; the label has all of it. */
const SHORT = 16;

/** Who tags an image. */
export interface Tagger {
  readonly key: string;
  readonly generation: number;
  /** Six letters or digits that no other generation has. */
  readonly random: string;
}

/** A name of ours, taken apart. */
export interface OwnName {
  readonly repository: string;
  /** The first letters of the digest. */
  readonly digest: string;
  readonly key: string;
  readonly generation: number;
}

/** The name that a generation gives an image: by what it was made from, and never given to another one. */
export function nameFor(label: string, digest: string, { key, generation, random }: Tagger): string {
  const slug = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${REPOSITORY}${slug}:${digest.slice(0, SHORT)}-${key}-${generation}-${random}`;
}

/** Undefined: the name is not ours. */
export function ownName(name: string): OwnName | undefined {
  const [, repository, digest, key, generation] =
    /^(localhost\/greenroom\/[a-z0-9-]+):([0-9a-f]{16})-([a-z0-9]+)-(\d+)-[a-z0-9]+$/.exec(name) ?? [];
  if (repository === undefined || digest === undefined || key === undefined) return undefined;
  return { repository, digest, key, generation: Number(generation) };
}

/** Whether a name of ours says that its image was made from what has this digest. */
export const isOf = (name: string, digest: string): boolean => ownName(name)?.digest === digest.slice(0, SHORT);

/** Names that an earlier generation of this key gave. */
export function outdated(names: readonly string[], { key, generation }: Tagger): readonly string[] {
  return names.filter((name) => {
    const own = ownName(name);
    return own !== undefined && own.key === key && own.generation < generation;
  });
}

/**
 * The full names that a name can mean, the likeliest first. An engine would take any image whose name ends with one that
 * has no host; we do not.
 */
export function meaningsOf(name: string): readonly string[] {
  const [first = '', ...others] = name.split('/');
  const tagged = name.includes('@') || /:[^/]+$/.test(name) ? name : `${name}:latest`;
  if (others.length > 0 && (first === 'localhost' || /[.:]/.test(first))) return [tagged];
  const hub = others.length === 0 ? `docker.io/library/${tagged}` : `docker.io/${tagged}`;
  return [`localhost/${tagged}`, hub, tagged];
}

/** Names of `there` that somebody may have meant, at most five, the nearest first. */
export function nearNames(name: string, there: readonly string[]): readonly string[] {
  const [wanted = name] = meaningsOf(name);
  const near = there
    .filter((other) => ownName(other) === undefined)
    .map((other) => ({ other, far: howFar(lastPart(wanted), lastPart(other)) }))
    .filter(({ far, other }) => far <= lastPart(other).length / 3);
  return near
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 5)
    .map(({ other }) => other);
}

/** A prefix too many or too few is the commonest slip, and is not looked at; the next one is another tag. */
function howFar(wanted: string, other: string): number {
  const [[name], [otherName]] = [wanted.split(':'), other.split(':')];
  return name === otherName ? Number(wanted !== other) : editDistance(wanted, other);
}

/** `localhost/kubernaut/x:1` → `x:1` */
export const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
