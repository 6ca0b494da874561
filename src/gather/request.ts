import { z } from 'zod';
import type { Failure } from '../protocol/failure.ts';

/** What a bundle is made of, and why. */
export interface GatherRequest {
  /** Where the generation has its events and logs: `.greenroom/generations/<key>-<N>`. */
  readonly logDir: string;
  /** The generation's file, which says which processes are its own; without one, they are not looked for. */
  readonly file?: string;
  /** One sentence: what led to this. */
  readonly reason: string;
  readonly failure?: Failure;
  /** Only the logs and answers of these; without it, of all. */
  readonly resources?: readonly string[];
  /** To be masked wherever they stand; what is in the environment under a telling name is masked besides. */
  readonly secrets: readonly string[];
  /** Versions that only who asks for it knows, such as that of the test runner. */
  readonly versions: Readonly<Record<string, string>>;
}

/** It comes from another process. */
export const requestSchema: z.ZodType<GatherRequest> = z.strictObject({
  logDir: z.string(),
  file: z.string().exactOptional(),
  reason: z.string(),
  failure: (z.looseObject({ code: z.string(), message: z.string() }) as unknown as z.ZodType<Failure>).exactOptional(),
  resources: z.array(z.string()).exactOptional(),
  secrets: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
});

/** Where a bundle is. It comes from another process, too. */
export const gatheredSchema = z.strictObject({
  dir: z.string(),
  archive: z.string(),
  /** Of the archive. */
  bytes: z.number(),
  /** What could not be had. */
  missing: z.array(z.string()),
});

export type Gathered = z.infer<typeof gatheredSchema>;
