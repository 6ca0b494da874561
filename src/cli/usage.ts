/** Reads the values of flags, and says what is wrong with them. */
import { nearest } from '../config/nearest.ts';
import { GreenroomError } from '../protocol/failure.ts';

/** The one error for a command line that was not understood. */
export function usage(message: string, hint = 'see `greenroom --help`'): GreenroomError {
  return new GreenroomError({ code: 'USAGE', message, hint });
}

/** The error for a word that is not among the known ones. */
export function unknownWord(what: string, word: string, known: readonly string[], hint?: string): GreenroomError {
  const guess = nearest(word, known);
  return usage(`unknown ${what} \`${word}\`${guess === undefined ? '' : `; did you mean \`${guess}\`?`}`, hint);
}

/** The error for a resource or gate that the config does not have. */
export function unknownName(kind: 'resource' | 'gate', name: string, known: readonly string[]): GreenroomError {
  const guess = nearest(name, known);
  const list = known.length === 0 ? `the config has no ${kind}s` : `the config has ${known.join(', ')}`;
  return new GreenroomError({
    code: kind === 'resource' ? 'UNKNOWN_RESOURCE' : 'UNKNOWN_GATE',
    message: `there is no ${kind} \`${name}\`${guess === undefined ? '' : `; did you mean \`${guess}\`?`}`,
    hint: list,
  });
}

/** `--needs a,b --needs c` → a, b, c; undefined without the flag. */
export function names(flag: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = [value].flat().flatMap((part) => String(part).split(',')).map((name) => name.trim()).filter((name) => name !== '');
  if (list.length === 0) throw usage(`--${flag} takes names, separated by commas`);
  return list;
}

/** A flag that may stand once. */
export function text(flag: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw usage(`--${flag} can be given only once`);
  return value === undefined ? undefined : String(value);
}

/** A whole number within bounds. */
export function integer(flag: string, value: unknown, least: number, most: number): number | undefined {
  const given = text(flag, value);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw usage(`--${flag} takes a whole number from ${least} to ${most}, got ${JSON.stringify(given)}`);
}

/** One of several words. */
export function choice<T extends string>(flag: string, value: unknown, words: readonly T[]): T | undefined {
  const given = text(flag, value);
  if (given === undefined) return undefined;
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  throw unknownWord(`value for --${flag}:`, given, words, `--${flag} takes one of ${words.join(', ')}`);
}

/** At most one of several flags. */
export function exclusive(options: Readonly<Record<string, unknown>>, flags: readonly string[]): string | undefined {
  const given = flags.filter((flag) => options[flag] === true);
  if (given.length > 1) throw usage(`${given.map((flag) => `--${flag}`).join(' and ')} exclude each other`);
  return given[0];
}
