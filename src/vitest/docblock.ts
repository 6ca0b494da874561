/** Reads what a spec file asks for in the comments before its first line of code. */
import type { Docblock } from './joined.ts';

/** Blank space, a comment of either style, or the line that names the interpreter. */
const BEFORE_CODE = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const SHEBANG = /^\uFEFF?#![^\n]*|^\uFEFF/;

/** `@needs db, llm` at the beginning of a line, apart from what decorates comments, up to its end. */
const DIRECTIVE = /^[ \t]*(?:\/\/+|\/?\*+)?[ \t]*@(needs|gates)(?![\w-])([^\n]*)/gm;

/**
 * The docblock of a spec file; undefined when it has none. `@needs` and `@gates` take names, separated by commas or
 * spaces; several lines of one kind add up, and one without names means that the file needs nothing.
 */
export function parseDocblock(source: string): Docblock | undefined {
  const found = new Map<string, Set<string>>();
  for (const [, kind = '', rest = ''] of comments(source).matchAll(DIRECTIVE)) {
    const names = found.get(kind) ?? new Set();
    for (const name of rest.replace(/\*\/.*$/, '').split(/[\s,]+/)) if (name !== '') names.add(name);
    found.set(kind, names);
  }
  if (found.size === 0) return undefined;
  return Object.fromEntries([...found].map(([kind, names]) => [kind, [...names]]));
}

/** Everything before the first line of code. */
function comments(source: string): string {
  const start = SHEBANG.exec(source)?.[0].length ?? 0;
  let end = start;
  BEFORE_CODE.lastIndex = start;
  while (BEFORE_CODE.test(source)) end = BEFORE_CODE.lastIndex;
  return source.slice(start, end);
}
