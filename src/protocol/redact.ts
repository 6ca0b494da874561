const SECRET_NAME = /pass(word|wd)?$|secret|token|api_?key|authorization|credential/i;
const MASK = '***';

/** A copy without secrets: values under telling names, and passwords inside urls. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_NAME.test(name) && typeof field === 'string' ? MASK : redact(field),
    ]),
  );
}

/** A text with the password of each url in it masked. */
export function redactText(text: string): string {
  // NOTE: begins with the `://`, so that a long line without one takes linear time; the loop that runs this is everybody's.
  return text.replace(/(:\/\/[^\s:/@]*):[^\s/@]+@/g, `$1:${MASK}@`);
}
