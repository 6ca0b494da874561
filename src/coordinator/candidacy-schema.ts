/** Checks what a coordinator is started with: it comes from another process. */
import { z } from 'zod';
import type { Candidacy } from '../client/start-coordinator.ts';
import { LONGEST_MS } from '../platform/deadline.ts';
import type { GatePlan, Plan, ProbePlan, ResourcePlan } from '../protocol/plan.ts';

const names = z.record(z.string(), z.string());
const ms = z
  .number()
  .nonnegative()
  .transform((value) => Math.min(value, LONGEST_MS));

const functionRef = z.strictObject({ $function: z.string() });

/** Its kind's own schema has checked it where the config was loaded. */
const probe = z.looseObject({ probe: z.string() });

const resource: z.ZodType<ResourcePlan> = z.strictObject({
  kind: z.string(),
  type: z.enum(['service', 'job']),
  needs: names,
  // Each kind's own schema has checked these where the config was loaded.
  options: z.record(z.string(), z.json()),
  slice: z.enum(['worker', 'file', 'test']).exactOptional(),
  scope: z.literal('worker').exactOptional(),
  ports: z.literal('gateway').exactOptional(),
  reset: functionRef.exactOptional(),
  healthy: (probe as unknown as z.ZodType<ProbePlan>).exactOptional(),
  restart: z.strictObject({ max: z.int().nonnegative(), backoff: ms, timeout: ms }).exactOptional(),
  heal: functionRef.exactOptional(),
  flush: functionRef.exactOptional(),
  startTimeout: ms,
  stopTimeout: ms,
});

const gate = z.strictObject({
  needs: names,
  probe: probe.exactOptional(),
  timeout: ms,
}) as unknown as z.ZodType<GatePlan>;

const plan: z.ZodType<Plan> = z.strictObject({
  // Part of paths and names; anything else could lead out of the runtime directory.
  key: z.string().regex(/^[0-9a-f]{16}$/),
  configHash: z.string(),
  configFile: z.string(),
  root: z.string(),
  linger: ms,
  leaseTimeout: ms,
  env: names,
  resources: z.record(z.string(), resource),
  gates: z.record(z.string(), gate),
  workers: z.int().positive().exactOptional(),
  budgets: z
    .strictObject({
      build: ms.exactOptional(),
      start: ms.exactOptional(),
      specs: ms.exactOptional(),
      teardown: ms.exactOptional(),
    })
    .exactOptional(),
  suiteModule: z.string().exactOptional(),
  specEnv: z.union([functionRef, names]).exactOptional(),
});

export const candidacySchema: z.ZodType<Candidacy> = z.strictObject({
  plan,
  keyDir: z.string(),
  generation: z.int().positive(),
  logDir: z.string(),
});
