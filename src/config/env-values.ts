import type { EnvValues } from '../resources/env.ts';

/** Values as a process environment has them: text; what is undefined is not there. */
export function envText(values: EnvValues): Record<string, string> {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}
