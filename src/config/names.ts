import { SUITE } from '../protocol/plan.ts';

/** What a resource, a gate or an alias may be called: names become file names, env names and variables in specs. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Keys of Vitest's test context; a resource of such a name could not be a fixture. */
export const TEST_CONTEXT_KEYS = [
  'annotate',
  'bench',
  'expect',
  'onTestFailed',
  'onTestFinished',
  'signal',
  'skip',
  'task',
] as const;

/** Why a well-formed name still cannot be used, or undefined when it can. */
export function reservedBecause(name: string): string | undefined {
  if (name === SUITE) return 'it stands for the suite module of the config';
  if ((TEST_CONTEXT_KEYS as readonly string[]).includes(name)) {
    return `Vitest's test context has its own \`${name}\``;
  }
  if (name in Object.prototype) return `every JavaScript object has a \`${name}\``;
  return undefined;
}
