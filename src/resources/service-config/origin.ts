/** Where an effective value comes from, as far as that can be seen from outside: the place where it stands. */

/** A text in which it may stand. */
export interface Source {
  /** As it is told: a file's path, `env:NAME`. */
  readonly name: string;
  readonly text: string;
  /** What is in lines is told with the number of the line. */
  readonly inLines?: true;
}

/** What a resource was given: its rendered files, its environment, the words of its command. */
export function givenSources(
  rendered: readonly { readonly path: string; readonly text: string }[],
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): readonly Source[] {
  return [
    ...rendered.map(({ path, text }) => ({ name: `{files}/${path}`, text, inLines: true as const })),
    ...Object.entries(env).map(([name, text]) => ({ name: `env:${name}`, text })),
    ...words.map((word) => ({ name: 'argument', text: word.slice(word.indexOf('=') + 1) })),
  ];
}

/** From this length on, a value is hardly the same by chance: the key need not stand beside it. */
const TELLING_LENGTH = 8;

/** The first source that has the value, rather one that has the key beside it; undefined where none has. */
export function originOf(key: string, value: string, sources: readonly Source[]): string | undefined {
  const places = sources.flatMap((source) => placesOf(value, source));
  const word = plain(key.slice(key.lastIndexOf('.') + 1));
  const named = places.find(({ beside }) => plain(beside).includes(word));
  return (named ?? (value.length >= TELLING_LENGTH ? places[0] : undefined))?.name;
}

interface Spot {
  readonly name: string;
  /** What stands beside the value, where a key would be. */
  readonly beside: string;
}

function placesOf(value: string, { name, text, inLines }: Source): readonly Spot[] {
  if (inLines === undefined) return text === value ? [{ name, beside: name }] : [];
  return text
    .split('\n')
    .flatMap((line, index) => (holds(line, value) ? [{ name: `${name}:${index + 1}`, beside: line }] : []));
}

/** Whether it stands there as a whole, and not as a part of a longer word. */
function holds(line: string, value: string): boolean {
  const [first = '', ...others] = line.split(value);
  if (others.length === 0 || value === '') return false;
  let before = first;
  return others.some((after) => {
    const whole = !/\w$/.test(before) && !/^\w/.test(after);
    before = after === '' ? value : after;
    return whole;
  });
}

/** `base_url`, `baseUrl` and `BASE-URL` are one. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[_-]/g, '');
}
