import type { FunctionRef } from '../protocol/plan.ts';

/** Whether a value of the plan stands for a function of the config; no other object can have that key. */
export function isFunctionRef(value: unknown): value is FunctionRef {
  return typeof value === 'object' && value !== null && '$function' in value;
}
