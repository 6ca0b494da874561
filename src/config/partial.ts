import { describeError, GreenroomError } from '../protocol/failure.ts';
import type { Endpoints } from '../protocol/plan.ts';
import type { EnvValues } from '../resources/env.ts';
import { envText } from './env-values.ts';
import { endpointNotStarted, isMarked, isNotANumber, withoutMarks } from './not-started.ts';
import { show } from './show.ts';

/** The config's `env` as a function. */
export type EnvFunction = (endpoints: Readonly<Record<string, unknown>>) => unknown;

/**
 * Calls the config's `env` function while only some resources are started, and leaves out the variables that were
 * made from the others: `({ db, llm }) => ({ A: db.url, B: llm.url })` gives A when only `db` is there.
 * @param endpoints Of the resources that are started.
 * @param allNames All resources of the config.
 * @throws GreenroomError FUNCTION_FAILED when it returns no variables, or cannot do without what is not started
 */
export async function callWithAvailable(
  fn: EnvFunction,
  endpoints: Endpoints,
  allNames: readonly string[],
): Promise<Record<string, string>> {
  const read = new Set<string>();
  const given = allNames.map((name) => [name, endpoints[name] ?? endpointNotStarted(() => read.add(name))] as const);
  let returned: unknown;
  try {
    returned = await fn(Object.fromEntries(given));
  } catch (error) {
    if (read.size === 0) throw error;
    throw needsMore([...read], error);
  }
  if (isMarked(returned)) return {};
  if (!isPlainObject(returned)) throw returnsNoVariables(returned);
  // NaN is left out only where it may come from a mark: it can also be an honest mistake, to be found.
  const usable = Object.entries(returned).filter(
    ([name, value]) => !isMarked(name) && !isMarked(value) && !(read.size > 0 && isNotANumber(value)),
  );
  for (const [name, value] of usable) {
    if (!['string', 'number', 'boolean', 'undefined'].includes(typeof value)) throw isNoVariable(name, value);
  }
  return envText(Object.fromEntries(usable) as EnvValues);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function needsMore(names: readonly string[], error: unknown): GreenroomError {
  const list = names.map((name) => `\`${name}\``).join(' and ');
  return new GreenroomError({
    code: 'FUNCTION_FAILED',
    message: `\`env\` of the config threw while ${list} ${names.length === 1 ? 'was' : 'were'} not started: ${withoutMarks(describeError(error))}`,
    hint: `start ${list} too, or write what is read of it as text, as in \`\${${names[0]}.url}\``,
  });
}

function returnsNoVariables(value: unknown): GreenroomError {
  return new GreenroomError({
    code: 'FUNCTION_FAILED',
    message: `\`env\` of the config must return an object of variables, got ${show(value)}`,
    hint: 'write `env: ({ db }) => ({ DATABASE_URL: db.url })`, with the parentheses around the braces',
  });
}

function isNoVariable(name: string, value: unknown): GreenroomError {
  return new GreenroomError({
    code: 'FUNCTION_FAILED',
    message: `\`env\` of the config gives ${name} a value that no environment variable can have: ${show(value)}`,
    hint: 'give it a string, a number, true or false; `JSON.stringify` makes a string of anything else',
  });
}
