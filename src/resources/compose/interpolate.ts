/** Variables in the values of a compose file, as its specification has them. Pure. */

type Variables = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^}]*))?\})/g;

/**
 * `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `${NAME:+other}`, each also without the colon, and `$$`. One
 * that is not set is empty, as with `docker compose`.
 *
 * @throws Error for `?`, with its message
 */
export function interpolate<T>(value: T, variables: Variables): T;
export function interpolate(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return inText(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolate(item, variables) as unknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolate(inner, variables)]));
}

function inText(text: string, variables: Variables): string {
  return text.replace(VARIABLE, (...found) => {
    const [, dollar, bare, braced, how = '', other = ''] = found as readonly (string | undefined)[];
    if (dollar !== undefined) return '$';
    const name = bare ?? braced ?? '';
    const value = variables[name];
    const isSet = how.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    if (how.endsWith('+')) return isSet ? other : '';
    if (isSet || how === '') return value ?? '';
    if (how.endsWith('-')) return other;
    throw new Error(`${name} is not set${other === '' ? '' : `: ${other}`}`);
  });
}
