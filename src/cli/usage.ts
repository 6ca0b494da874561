/** Reads the values of flags, and says what is wrong with them. */
import { guessed } from '../config/unknown-name.ts';
import { GreenroomError } from '../protocol/failure.ts';

/** What cac makes of a flag: numbers from digits, true without a value, a list when it is repeated. */
export type FlagValue = string | number | boolean | undefined | readonly (string | number | boolean)[];
/** All flags by their camelCase names; `--` holds the words of the user's command. */
export type Flags = Readonly<Record<string, FlagValue>>;

/** The one error for a command line that was not understood. */
export function usage(message: string, hint = 'see `greenroom --help`'): GreenroomError {
  return new GreenroomError({ code: 'USAGE', message, hint });
}

/** The error for a word that is not among the known ones. */
export function unknownWord(what: string, word: string, known: readonly string[], hint?: string): GreenroomError {
  return usage(`unknown ${what} \`${word}\`${guessed(word, known)}`, hint);
}

/** `--needs a,b --needs c` → a, b, c; undefined without the flag. */
export function names(flag: string, value: FlagValue): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = [value]
    .flat()
    .flatMap((part) => String(part).split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (list.length === 0) throw usage(`--${flag} takes names, separated by commas`);
  return list;
}

/** A flag that may stand once. */
export function text(flag: string, value: FlagValue): string | undefined {
  if (typeof value === 'object') throw usage(`--${flag} can be given only once`);
  return value === undefined ? undefined : String(value);
}

/** A whole number within bounds. */
export function integer(flag: string, value: FlagValue, least: number, most: number): number | undefined {
  const given = text(flag, value);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw usage(`--${flag} takes a whole number from ${least} to ${most}, got ${JSON.stringify(given)}`);
}

/** One of several words. */
export function choice<T extends string>(flag: string, value: FlagValue, words: readonly T[]): T | undefined {
  const given = text(flag, value);
  if (given === undefined) return undefined;
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  throw unknownWord(`value for --${flag}:`, given, words, `--${flag} takes one of ${words.join(', ')}`);
}

/** At most one of several flags. */
export function exclusive(options: Flags, flags: readonly string[]): string | undefined {
  const given = flags.filter((flag) => options[flag] === true);
  if (given.length > 1) throw usage(`${given.map((flag) => `--${flag}`).join(' and ')} exclude each other`);
  return given[0];
}
