/** What may be asked on the control socket. */
import { z } from 'zod';
import type { Question } from './book.ts';
import type { Address } from '../protocol/address.ts';
import type { End, Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';

const slot = z.int().nonnegative();
const ms = z.number().nonnegative();
const spec = z.string().regex(/^[\w-]{1,128}$/, { error: "the `id` of Vitest's task: letters, digits, `_` and `-`" });
const count = z.int().positive();

const when = z.union([
  z.enum(['always', 'alternating']),
  z.strictObject({ burst: count, pause: count }),
  z.strictObject({ every: count }),
  z.strictObject({ probability: z.number().min(0).max(1), seed: z.int() }),
]);
const common = { when: when.exactOptional(), times: count.exactOptional(), spec: spec.exactOptional() };

const fault: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refuse'), ...common }),
  z.strictObject({ kind: z.literal('reset'), ...common }),
  z.strictObject({ kind: z.literal('delay'), ms, ...common }),
  z.strictObject({ kind: z.literal('hang'), ...common }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.string().exactOptional(),
    ...common,
  }),
  z.strictObject({ kind: z.literal('truncate'), bytes: z.int().nonnegative(), ...common }),
  z.strictObject({ kind: z.literal('slow-body'), ms, bytes: count.exactOptional(), ...common }),
  z.strictObject({ kind: z.literal('bandwidth'), bytesPerSecond: z.number().positive(), ...common }),
]);

/** What the control socket can be asked, by path. */
export interface Asked {
  /** Its first port. */
  readonly '/ready': Readonly<Record<never, never>>;
  readonly '/open': { readonly name: string; readonly upstream: Address; readonly slot?: number };
  readonly '/shut': { readonly name: string };
  readonly '/exchanges': Question;
  readonly '/fault': { readonly slot?: number; readonly fault: Fault };
  readonly '/clear': { readonly slot?: number; readonly spec?: string };
}

export const schemas: { readonly [P in Exclude<keyof Asked, '/ready'>]: z.ZodType<Asked[P]> } = {
  '/open': z.strictObject({
    name: z.string(),
    upstream: z.strictObject({ host: z.string(), port: z.int().min(1).max(65_535) }),
    slot: slot.exactOptional(),
  }),
  '/shut': z.strictObject({ name: z.string() }),
  '/exchanges': z.strictObject({
    slot: slot.nullable().exactOptional(),
    spec: spec.exactOptional(),
    since: z.number().exactOptional(),
    last: count.exactOptional(),
  }),
  '/fault': z.strictObject({ slot: slot.exactOptional(), fault }),
  '/clear': z.strictObject({ slot: slot.exactOptional(), spec: spec.exactOptional() }),
};

/** What is wrong, in one line. */
export const complaint = (error: z.ZodError): string => z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ');

const ends: readonly End[] = ['open', 'complete', 'client-gone', 'server-gone', 'truncated', 'refused'];

/** A line of the file of records, as far as figures and findings need it. */
export const exchangeSchema = z.looseObject({
  id: z.string(),
  resource: z.string(),
  slot: slot.optional(),
  at: z.number(),
  queued: ms,
  duration: ms,
  requestBytes: z.number(),
  responseBytes: z.number(),
  end: z.enum(ends),
}) as unknown as z.ZodType<Exchange>;
