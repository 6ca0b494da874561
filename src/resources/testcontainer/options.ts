import { z } from 'zod';
import type { FunctionRef, Json } from '../../protocol/plan.ts';
import { functionSchema } from '../probes/schema.ts';

export const testcontainerOptions = z.strictObject({ start: functionSchema });

/** Options in the plan. */
export interface TestcontainerPlan {
  /** Runs in the config host: builds it and starts it. */
  readonly start: FunctionRef;
}

/** What its function is told of the generation, and what is labelled so is removed with it. */
export interface Place {
  readonly name: string;
  /** Name or id of the network. */
  readonly network: string;
  /** What it is called there. */
  readonly alias: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What its function returns. */
export const startedSchema: z.ZodType<StartedPlace> = z.object({
  id: z.string(),
  /** The first of its ports, on this machine; undefined where it exposes none. */
  port: z.int().optional(),
  /** Fields of the endpoint that the config has added. */
  more: z.record(z.string(), z.json()),
});

export interface StartedPlace {
  readonly id: string;
  readonly port?: number | undefined;
  readonly more: Readonly<Record<string, Json>>;
}
