/** Which files of a build context the engine does not see, by the rules of `.dockerignore`. Pure. */

/** One line of an ignore file. */
interface Rule {
  readonly matches: RegExp;
  /** `!pattern`: takes back what an earlier line has ignored. */
  readonly kept: boolean;
}

/** An ignore file, ready to be asked. */
export interface Ignore {
  /** Whether a path, relative to the context and with `/` between its parts, is left out. The last line that matches decides. */
  ignores(path: string): boolean;
  /** Whether something below an ignored directory may be kept all the same, so that it has to be looked through. */
  readonly hasExceptions: boolean;
}

/** @param text the ignore file; `''` ignores nothing */
export function parseIgnore(text: string): Ignore {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap(ruleOf);
  return {
    ignores: (path) => {
      const places = withParents(path);
      return rules.reduce((ignored, { matches, kept }) => {
        return places.some((place) => matches.test(place)) ? !kept : ignored;
      }, false);
    },
    hasExceptions: rules.some(({ kept }) => kept),
  };
}

function ruleOf(line: string): readonly Rule[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  const kept = trimmed.startsWith('!');
  const pattern = cleaned(kept ? trimmed.slice(1).trim() : trimmed);
  return pattern === '' ? [] : [{ matches: new RegExp(`^${source(pattern)}$`, 's'), kept }];
}

/** Without what does not change its meaning: leading and doubled slashes, `.` and `..`, a slash at the end. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** A pattern as the source of a regular expression: `**` goes over any number of directories, `*` and `?` stay in one. */
function source(pattern: string): string {
  const words = /\*\*\/?|\*|\?|\[\^?[^\]]*\]|\\.|./gs;
  return pattern.replaceAll(words, (word) => {
    if (word === '**/') return '(?:.*/)?';
    if (word === '**') return '.*';
    if (word === '*') return '[^/]*';
    if (word === '?') return '[^/]';
    if (word.length > 2 && word.startsWith('[')) return word;
    const letter = word.startsWith('\\') && word.length > 1 ? word.slice(1) : word;
    return letter.replace(/[.*+?^${}()|[\]\\/]/, String.raw`\$&`);
  });
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`: what is in an ignored directory is ignored with it. */
function withParents(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
