/** The check of what comes over the control socket. */
import { z } from 'zod';
import type { Scenario, Script } from './scenario.ts';
import { scenarioSchema, scriptOf } from './scenario-schema.ts';

const slot = z.int().min(0);
const who = z.strictObject({
  slot,
  spec: z.string().min(1).max(128).optional(),
  lease: z.string().optional(),
  since: z.number().optional(),
});

const ORDERS: Readonly<Record<string, z.ZodType>> = {
  '/reply': z.strictObject({ who, scenario: z.unknown() }),
  '/force-text': z.strictObject({ who, on: z.boolean() }),
  '/calls': z.strictObject({ who }),
  '/end': z.strictObject({ who }),
  '/open': z.strictObject({ slot }),
  '/close': z.strictObject({ slot, port: z.int() }),
  '/report': z.strictObject({ since: z.number() }),
};

export function orderSchema(path: string): z.ZodType | undefined {
  return Object.hasOwn(ORDERS, path) ? ORDERS[path] : undefined;
}

/** The script that a spec has written, or what is wrong with it. */
export function scenarioIn(value: unknown): { readonly script?: Script; readonly problem: string } {
  const { data, error } = scenarioSchema.safeParse(value);
  if (error === undefined) return { script: scriptOf(data as Scenario, 'a reply'), problem: '' };
  return { problem: problemsIn(error) };
}

/** `reply.text: expected a string`, one after the other. */
function problemsIn({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'the scenario'}: ${message}`).join('; ');
}
