import { GreenroomError } from '../protocol/failure.ts';
import { readPath } from './path.ts';

/** A function of the user's config. */
export type ConfigFunction = (...args: unknown[]) => unknown;

/**
 * The function that a `{ $function: path }` of the plan stands for.
 * @param config The default export of the config file.
 * @throws GreenroomError CONFIG_CHANGED when there is none: the config is no longer the one the plan was made from
 */
export function functionAt(config: object, path: string): ConfigFunction {
  let value: unknown = config;
  for (const key of readPath(path)) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  }
  if (typeof value === 'function') return value as ConfigFunction;
  throw new GreenroomError({
    code: 'CONFIG_CHANGED',
    message: `the config has no function at ${path} any more`,
    hint: 'the config file changed while the infrastructure was in use: `greenroom down`, then start again',
  });
}
