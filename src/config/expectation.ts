/** What zod's schemas want, in words. */
import type { z } from 'zod';

/** Words in a list of what is possible. */
const MAX_WORDS = 12;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
  tuple: 'a list',
  undefined: 'nothing',
};

/** What a schema wanted, where it has no words of its own; reads after `expected`. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'object') return objectNames(issue.inst);
      return TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'too_small':
      return `${TYPE_NAMES[issue.origin] ?? issue.origin} of at least ${amount(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `${TYPE_NAMES[issue.origin] ?? issue.origin} of at most ${amount(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return issue.pattern === undefined
        ? `a string in the format ${issue.format}`
        : `a string that matches ${issue.pattern}`;
    case 'invalid_union': {
      if ('options' in issue) return oneOf((issue as { options: readonly unknown[] }).options);
      const wanted = new Set(issue.errors.flat().map((inner) => inner.message));
      // That it may be left out is no help to who has written it.
      wanted.delete('nothing');
      return [...wanted].join(' or ');
    }
    default:
      return 'something else';
  }
}

function objectNames(schema: unknown): string {
  const { discriminator } = definitionOf(schema);
  return discriminator === undefined ? 'an object' : `an object with \`${discriminator}\``;
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  if (words.length === 1) return words.join();
  const rest = words.length > MAX_WORDS ? ` or ${words.length - MAX_WORDS} more` : '';
  return `one of ${words.slice(0, MAX_WORDS).join(', ')}${rest}`;
}

function amount(origin: string, limit: number | bigint): string {
  if (origin === 'string') return `${limit} character${limit === 1 ? '' : 's'}`;
  return origin === 'array' ? `${limit} entr${limit === 1 ? 'y' : 'ies'}` : String(limit);
}

/** The keys that the schema of an object knows. */
export function keysOf(schema: unknown): string[] {
  return Object.keys(definitionOf(schema).shape ?? {});
}

interface Definition {
  readonly shape?: object;
  readonly discriminator?: string;
}

/** What zod knows of the schema that an issue came from. */
function definitionOf(schema: unknown): Definition {
  return ((schema as z.core.$ZodType | undefined)?._zod.def ?? {}) as Definition;
}
