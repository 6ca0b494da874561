import { inspect } from 'node:util';
import { redactText } from '../protocol/redact.ts';

/** Characters of a value in a message. */
const MAX_SHOWN = 60;

/** A value in a message: short, on one line, so that it can be found in the file; without passwords of urls. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function \`${value.name}\``;
  if (typeof value === 'string') return JSON.stringify(shortened(redactText(value)));
  if (typeof value === 'object' && value !== null && 'greenroom' in value) return `a ${String(value.greenroom)}`;
  const text = inspect(value, { depth: 1, breakLength: Infinity, compact: true });
  return shortened(redactText(text).replaceAll(/\s+/g, ' '));
}

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** `resources.api.ready.path`, as a person would write it; the level `options`, which no config has, is left out. */
export function showPath(path: readonly PropertyKey[]): string {
  const [top, , third] = path;
  const shown = top === 'resources' && third === 'options' ? path.toSpliced(2, 1) : path;
  return shown.map(String).join('.');
}
