/** What zod says, put into our words: the path, what was expected, the value got, and the key probably meant. */
import type { z } from 'zod';
import { expectation, keysOf } from './expectation.ts';
import { nearest } from '../platform/nearest.ts';
import { show } from './show.ts';

/** One thing that is wrong with a value of the config. */
export interface Problem {
  /** Keys from the config object down; what a person reads is `showPath(path)`. */
  readonly path: readonly PropertyKey[];
  /** What is wrong there, without the path. */
  readonly text: string;
}

/**
 * Everything that is wrong with `value` by `schema`. A schema's own message is read as what was expected, as
 * in `z.int({ error: 'a whole number of milliseconds' })`.
 * @param extraKeys Keys known besides the schema's at its top level, for `did you mean`.
 */
export function problemsOf(schema: z.ZodType, value: unknown, extraKeys: readonly string[] = []): Problem[] {
  const knownKeys = new Map<readonly string[], readonly string[]>();
  const result = schema.safeParse(value, {
    reportInput: true,
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        const own = keysOf(issue.inst);
        knownKeys.set(issue.keys, issue.path?.length ? own : [...own, ...extraKeys]);
      }
      return expectation(issue);
    },
  });
  return (result.error?.issues ?? []).flatMap((issue) => problemsOfIssue(issue, value, knownKeys));
}

type Issue = z.core.$ZodIssue;

function problemsOfIssue(
  issue: Issue,
  root: unknown,
  knownKeys: ReadonlyMap<readonly string[], readonly string[]>,
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys.get(issue.keys) ?? [];
    return issue.keys.map((key) => ({ path: [...issue.path, key], text: unknownKey(key, known) }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const inner = closestBranch(issue.errors);
    if (inner) {
      const lifted = inner.map((deeper) => ({ ...deeper, path: [...issue.path, ...deeper.path] }));
      return lifted.flatMap((deeper) => problemsOfIssue(deeper, root, knownKeys));
    }
  }
  if (issue.code === 'invalid_key') {
    const [reason] = issue.issues;
    return [{ path: issue.path, text: `expected ${reason?.message}, got ${show(issue.path.at(-1))}` }];
  }
  const got = valueAt(root, issue.path);
  const guess = typeof got === 'string' ? nearest(got, wordsOf(issue)) : undefined;
  const question = guess === undefined ? '' : `; did you mean ${JSON.stringify(guess)}?`;
  return [{ path: issue.path, text: `expected ${issue.message}, got ${show(got)}${question}` }];
}

/** The words one of which was expected. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue ? (issue.options ?? []).map(String) : [];
}

/** Of a union, the branch that the value was meant for: the one whose only faults are deeper inside. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
}

function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess !== undefined) return `unknown key; did you mean \`${guess}\`?`;
  return known.length === 0 ? 'unknown key' : `unknown key; known are ${known.map((name) => `\`${name}\``).join(', ')}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
}
