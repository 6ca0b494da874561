const SECRET_NAME = /pass(word|wd)?$|secret|token|api_?key|authorization|credential/i;
const MASK = '***';

/** Makes a text free of secrets. */
export type Redactor = (text: string) => string;

/** A copy without secrets: values under telling names, and what `text` finds inside of texts. */
export function redact(value: unknown, text: Redactor = redactText): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((one, at) => (followsOption(value, at) ? MASK : redact(one, text)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_NAME.test(name) && typeof field === 'string' ? MASK : redact(field, text),
    ]),
  );
}

/** Whether a word of a command is the value of an option with a telling name. */
function followsOption(words: readonly unknown[], at: number): boolean {
  const before = words[at - 1];
  return (
    typeof words[at] === 'string' &&
    typeof before === 'string' &&
    /^--?[\w-]+$/.test(before) &&
    SECRET_NAME.test(before)
  );
}

/** A text with the password of each url in it masked. */
export function redactText(text: string): string {
  // NOTE: begins with the `://`, so that a long line without one takes linear time; the loop that runs this is everybody's.
  return text.replace(/(:\/\/[^\s:/@]*):[^\s/@]+@/g, `$1:${MASK}@`);
}

/** What a log may print of a secret: its name with `:` or `=` and a value, quoted or not, perhaps inside of JSON. */
const NAME =
  /(pass(?:word|wd)|secret|token|api[_-]?key|authorization|credential)([\w-]{0,40}\\?["']?\s{0,4}[:=]\s{0,4})/;
const QUOTED = /\\"[^"\\]*\\"|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\?["'][^\s"']*/;
const BARE = /(?:(?:bearer|basic)\s{1,4})?[^\s,;&"'}\])]+/;
const NAMED = new RegExp(`${NAME.source}(${QUOTED.source}|${BARE.source})`, 'gi');
/** An option of a command, and what a header says. */
const OPTION = /(--(?:[a-z]{1,20}-){0,3}(?:password|passwd|secret|token|api-?key|credentials?))\s{1,4}[^\s-]\S*/gi;
const HEADER = /\b(bearer|basic)\s{1,4}[\w.~+/-]{8,}=*/gi;

/** Shorter ones, and words that stand in every log, would mask what is no secret. */
const SHORTEST_SECRET = 6;
const NO_SECRETS = new Set(['localhost', 'password', 'postgres', 'secret']);

/**
 * For texts that others have written, such as logs: masks what stands under a telling name, what a header or an option
 * gives, passwords in urls, and the secrets that are known, wherever they stand. Takes linear time.
 *
 * @param known such as `secretsIn` finds
 */
export function redactorOf(known: readonly string[]): Redactor {
  const values = [...new Set(known.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((secret) => secret.length >= SHORTEST_SECRET && !NO_SECRETS.has(secret))
    .toSorted((a, b) => b.length - a.length)
    .map((secret) => secret.replaceAll(/[\\$^*+?.()[\]{}|/-]/g, String.raw`\$&`));
  const anyKnown = values.length === 0 ? undefined : new RegExp(values.join('|'), 'g');
  return (text) => {
    const unknown = anyKnown === undefined ? text : text.replace(anyKnown, MASK);
    return redactText(unknown)
      .replace(NAMED, (_, name: string, between: string, value: string) => {
        const [quote = ''] = /^\\?["']?/.exec(value) ?? [];
        return `${name}${between}${quote}${MASK}${quote}`;
      })
      .replace(OPTION, `$1 ${MASK}`)
      .replace(HEADER, `$1 ${MASK}`);
  };
}

/** The texts under telling names in a value, and after such options, however deep. */
export function secretsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([name, field]) => {
    if (typeof field !== 'string') return secretsIn(field);
    const isSecret = Array.isArray(value) ? followsOption(value, Number(name)) : SECRET_NAME.test(name);
    return isSecret ? [field] : [];
  });
}
