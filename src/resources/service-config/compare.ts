/** Wanted and effective values, key by key. */
import type { Json } from '../../protocol/plan.ts';

/** A key with another value than it should have; `has` is undefined where there is no such key. */
export interface Difference {
  readonly key: string;
  readonly wants: string;
  readonly has: string | undefined;
}

/** The wanted keys that have another value, in the order they are wanted. Values are compared as text. */
export function differences(wants: Json, has: Json): readonly Difference[] {
  return flat(wants).flatMap(([key, value]) => {
    const wanted = asText(value);
    const found = valueAt(has, key);
    const effective = found === undefined ? undefined : asText(found);
    return effective === wanted ? [] : [{ key, wants: wanted, has: effective }];
  });
}

/** Nested keys joined by dots. */
function flat(value: Json, above = ''): readonly (readonly [key: string, value: Json])[] {
  if (!isObject(value)) return [[above, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, above === '' ? key : `${above}.${key}`));
}

/** Keys of the effective configuration may have dots themselves: the longest one that is there goes first. */
function valueAt(value: Json, key: string): Json | undefined {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, key)) return value[key];
  for (let dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
    const inner = value[key.slice(0, dot)];
    const found = inner === undefined ? undefined : valueAt(inner, key.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
