/** What a build file says of the images that it begins with and copies from. Pure; the rest of it is the engine's. */

/** The bases of a build file. */
export interface BuildFile {
  /** Images of others, in the order in which they stand there, each once: `FROM` and `COPY --from` that name no stage. */
  readonly bases: readonly string[];
  /** Names of its arguments. */
  readonly args: readonly string[];
  /** Names of its stages. */
  readonly stages: readonly string[];
}

/**
 * @param text a Dockerfile or Containerfile
 * @param args build arguments; they may name a base
 */
export function parseBuildFile(text: string, args: Readonly<Record<string, string>> = {}): BuildFile {
  const bases = new Set<string>();
  const stages: string[] = [];
  let values: Readonly<Record<string, string>> = {};
  const names = new Set<string>();
  for (const line of instructions(text)) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
    const instruction = word.toUpperCase();
    // Only what stands before the first FROM can be used in one.
    if (instruction === 'ARG') for (const [name] of argsOf(rest)) names.add(name);
    if (instruction === 'ARG' && stages.length === 0) values = declared(rest, values, args);
    const { base, stage } = baseOf(instruction, rest, stages.length);
    const name = base === undefined ? undefined : withValues(base, values);
    if (name !== undefined && name !== 'scratch' && !isStage(name, stages)) bases.add(name);
    if (stage !== undefined) stages.push(stage);
  }
  return { bases: [...bases], args: [...names], stages: stages.filter((stage) => !/^\d+$/.test(stage)) };
}

/** How instructions besides FROM name an image or a stage. */
const SOURCES: Readonly<Record<string, RegExp>> = {
  COPY: /(?:^|\s)--from=(\S+)/,
  RUN: /--mount=\S*\bfrom=([^\s,]+)/,
};

/** The image or stage that an instruction takes files from; `stage`: what a FROM begins, by name or by number. */
function baseOf(instruction: string, rest: string, stages: number): { base?: string; stage?: string } {
  if (instruction === 'FROM') {
    const [base, as, name] = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
    const stage = as?.toUpperCase() === 'AS' && name !== undefined ? name.toLowerCase() : String(stages);
    return { ...(base === undefined ? {} : { base }), stage };
  }
  const base = SOURCES[instruction]?.exec(rest)?.[1];
  return base === undefined ? {} : { base };
}

function isStage(name: string, stages: readonly string[]): boolean {
  return stages.includes(name.toLowerCase()) || (/^\d+$/.test(name) && Number(name) < stages.length);
}

/** What an ARG declares; what the build is given wins over its default. */
function declared(
  rest: string,
  values: Readonly<Record<string, string>>,
  args: Readonly<Record<string, string>>,
): Record<string, string> {
  const known: Record<string, string> = { ...values };
  for (const [name, value] of argsOf(rest)) {
    const given = args[name] ?? (value === undefined ? undefined : withValues(value, known));
    if (given !== undefined) known[name] = given;
  }
  return known;
}

/** `NAME=default` or `NAME`, several of them in a line. */
function argsOf(rest: string): readonly (readonly [name: string, value: string | undefined])[] {
  const words = rest.match(/(?:"[^"]*"|'[^']*'|\\.|\S)+/g) ?? [];
  return words.flatMap((word) => {
    const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
}

/** `$A`, `${A}`, `${A:-default}` and `${A:+other}`. */
function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return unquoted(text).replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, how: string | undefined, word: string | undefined) => {
      const value = values[plain ?? braced ?? ''] ?? '';
      if (how === '-') return value === '' ? (word ?? '') : value;
      if (how === '+') return value === '' ? '' : (word ?? '');
      return value;
    },
  );
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/s, '$2');

/** One instruction a string: without comments, with continued lines put together, without the bodies of here-documents. */
function instructions(text: string): readonly string[] {
  const escape = /^#\s*escape\s*=\s*`/im.test(text) ? '`' : '\\';
  const found: string[] = [];
  let current = '';
  const ends: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    if (ends.length > 0) {
      if (raw.replace(/^\t+/, '') === ends[0]) ends.shift();
      continue;
    }
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const continued = line.endsWith(escape);
    current += continued ? `${line.slice(0, -1)} ` : line;
    if (continued) continue;
    if (/^(?:RUN|COPY|ADD)\s/i.test(current)) {
      for (const [, name = ''] of current.matchAll(/<<-?["']?(\w+)["']?/g)) ends.push(name);
    }
    found.push(current);
    current = '';
  }
  return current === '' ? found : [...found, current.trim()];
}
