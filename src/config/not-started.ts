/**
 * Stands in for a resource that is not started. Whatever is read of it, or computed from that as text, carries a
 * mark by which it is found again: `llm.url`, `llm.url.replace(…)`, `llm.hosts[0].port`, `${llm.url}/v1`. What hides
 * the text (base64, a hash) hides the mark too, and so does the port of a parsed url.
 */

/** Letters and digits only, so that the mark survives being a host name, quoted, URL-encoded or in other case. */
const MARK = 'greenroomnotstarted7f3a91c4';

/** A mark as text: an url with the mark in each of its parts, so that it can be parsed and taken apart. */
const TEXT = `http://${MARK}:${MARK}@${MARK}/${MARK}?${MARK}#${MARK}`;

const marks = new WeakSet<object>();

/** An endpoint whose every field is a mark. Each reading of a field calls `onRead`. */
export function endpointNotStarted(onRead: () => void): unknown {
  // A function, so that what is read can also be called, as in `llm.url.replace(…)`.
  const mark: object = new Proxy(() => undefined, {
    get(_, key) {
      onRead();
      // To await a mark must not call it.
      if (key === 'then') return undefined;
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'number' ? Number.NaN : TEXT);
      if (key === Symbol.iterator) return () => [mark].values();
      if (key === 'toString' || key === 'toJSON') return () => TEXT;
      return mark;
    },
    apply: () => mark,
    has: () => true,
  });
  marks.add(mark);
  return mark;
}

/** Whether a value is a mark, or text that was made from one. */
export function isMarked(value: unknown): boolean {
  if (typeof value === 'function') return marks.has(value);
  return typeof value === 'string' && value.toLowerCase().includes(MARK);
}

/** A message for people, in which marks may stand. */
export function withoutMarks(text: string): string {
  return text.replaceAll(TEXT, '<not started>');
}

/** Whether a value may be a number that was computed from a mark, or text with such a number. */
export function isNotANumber(value: unknown): boolean {
  return Number.isNaN(value) || (typeof value === 'string' && /\bNaN\b/.test(value));
}
