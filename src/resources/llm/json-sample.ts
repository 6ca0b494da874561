/** The smallest value that a JSON schema allows, for who only wants some value. Pure. */
import { isObject, type Body } from './asked.ts';

/** A schema may contain itself. */
const DEEPEST = 8;

export function sampleOf(schema: unknown): unknown {
  return sample(schema, isObject(schema) ? schema : {}, 0);
}

function sample(schema: unknown, root: Body, depth: number): unknown {
  if (!isObject(schema) || depth > DEEPEST) return null;
  const { $ref, enum: allowed, anyOf, oneOf, allOf, properties, items, minItems, minimum } = schema;
  const deeper = (inner: unknown): unknown => sample(inner, root, depth + 1);
  if (typeof $ref === 'string') return deeper(resolve($ref, root));
  if ('const' in schema) return schema['const'];
  if (Array.isArray(allowed)) return allowed[0] as unknown;
  for (const branches of [anyOf, oneOf, allOf]) if (Array.isArray(branches)) return deeper(branches[0]);
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'string':
      return '';
    case 'number':
    case 'integer':
      return typeof minimum === 'number' ? Math.ceil(minimum) : 0;
    case 'boolean':
      return false;
    case 'array':
      return Array.from({ length: typeof minItems === 'number' ? minItems : 0 }, () => deeper(items));
    case 'null':
      return null;
    default:
      return Object.fromEntries(
        Object.entries(isObject(properties) ? properties : {}).map(([key, inner]) => [key, deeper(inner)]),
      );
  }
}

/** Only references into the schema itself: `#/$defs/step`. */
function resolve(ref: string, root: Body): unknown {
  if (!ref.startsWith('#')) return undefined;
  return ref
    .slice(1)
    .split('/')
    .filter((key) => key !== '')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root);
}
