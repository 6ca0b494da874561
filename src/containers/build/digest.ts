/** The digest of an image: of all that decides what is in it, as far as that is declared. Pure. */
import { hash } from 'node:crypto';

/** What an image is made from. */
export interface Ingredients {
  /** Digest of the build context and of the build file, which may stand outside of it. */
  readonly source: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  /** What a FROM calls it → digest of an image of the config, or the engine's id of another one. */
  readonly bases: Readonly<Record<string, string>>;
  /** What RUN steps fetch from elsewhere, as its versions. */
  readonly externalInputs: Readonly<Record<string, string>>;
}

/** Counts up when the same ingredients would make another image. */
const VERSION = 1;

/** 64 hexadecimal digits. */
export function digestOf({ source, args, target, bases, externalInputs }: Ingredients): string {
  const sorted = (record: Readonly<Record<string, string>>): unknown =>
    Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const all = [VERSION, source, sorted(args), target ?? null, sorted(bases), sorted(externalInputs)];
  return hash('sha256', JSON.stringify(all));
}
