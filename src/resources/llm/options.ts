import { z } from 'zod';
import { httpGateway } from '../gateway/options.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './scenario-schema.ts';

const pattern = z.string().min(1);

export const mockLlmOptions = z.strictObject({
  scenarios: z
    .union([pattern, z.array(z.union([pattern, scenarioSchema], { error: 'a glob of JSON files, or a scenario' }))], {
      error: 'a glob of JSON files, or a list of globs and scenarios',
    })
    .optional(),
  forceText: z.boolean().optional(),
  gateway: httpGateway.optional(),
});

/** Options in the plan. */
export interface MockLlmPlan {
  readonly scenarios?: string | readonly (string | Scenario)[];
  readonly forceText?: boolean;
}
