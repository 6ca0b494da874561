/** Turns the config into JSON: functions and regular expressions become references, everything else must be data. */
import type { FunctionRef, Json, RegExpRef } from '../protocol/plan.ts';
import { writePath } from './path.ts';
import type { Problem } from './problems.ts';
import { show } from './show.ts';

/** Keys that references are written with, and which no object of a config may therefore have. */
const REFERENCE_KEYS = ['$function', '$regexp'];

/**
 * A value of the config as JSON.
 * @param path Where the value stands in the config object; becomes part of the function references in it.
 * @param problems Is added to for what cannot be JSON.
 */
export function normalise(value: unknown, path: readonly string[], problems: Problem[]): Json {
  return toJson(value, path, problems, []);
}

function toJson(value: unknown, path: readonly string[], problems: Problem[], above: readonly object[]): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'function') return { $function: writePath(path) } satisfies FunctionRef & Json;
  if (value instanceof RegExp) {
    return { $regexp: { source: value.source, flags: value.flags } } satisfies RegExpRef & Json;
  }
  const deeper = (inner: unknown, key: string) => toJson(inner, [...path, key], problems, [...above, value as object]);
  if (Array.isArray(value) && !above.includes(value)) {
    return value.map((entry: unknown, index) => deeper(entry, String(index)));
  }
  const fault = faultOf(value, above);
  if (fault !== undefined) {
    problems.push({ path, text: fault });
    return null;
  }
  const entries = Object.entries(value as object).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, deeper(inner, key)]));
}

/** Why a value cannot be JSON, or undefined for a plain object. */
function faultOf(value: unknown, above: readonly object[]): string | undefined {
  if (typeof value !== 'object' || value === null) return `expected plain data, got ${show(value)}`;
  if (above.includes(value)) return 'expected plain data, got an object that contains itself';
  if ('greenroom' in value && value.greenroom === 'resource') {
    return 'expected plain data, got a resource; resources go into `needs`, and a function gets their endpoints';
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `expected plain data, got ${show(value)}`;
  const reserved = REFERENCE_KEYS.find((key) => Object.hasOwn(value, key));
  return reserved === undefined ? undefined : `expected plain data without the reserved key \`${reserved}\``;
}
