/** What JSON would lose without a word. */

/**
 * What in a value is no JSON, and where; undefined for a value that every worker gets as it is. What has a `toJSON` is
 * taken for what that returns, and properties without a value are left out.
 */
export function lostAsJson(value: unknown, path = 'it', above: readonly unknown[] = []): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    return `${path} is a ${typeof value}`;
  }
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return undefined;
  if (above.includes(value)) return `${path} contains itself`;
  if (value instanceof Map || value instanceof Set || value instanceof Promise || value instanceof RegExp) {
    return `${path} is a ${value.constructor.name}`;
  }
  for (const [name, part] of Object.entries(value)) {
    const lost = lostAsJson(part, `${path}.${name}`, [...above, value]);
    if (lost !== undefined) return lost;
  }
  return undefined;
}
