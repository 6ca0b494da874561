/** What clients may say, checked on the coordinator's side. The types are those of `messages.ts`. */
import { z } from 'zod';
import type { FromClient } from './messages.ts';
import type { Failure } from './failure.ts';
import type { Json } from './plan.ts';

const json: z.ZodType<Json> = z.json();
const id = z.int().nonnegative();
const resources = z.array(z.string()).nullable();
const failure = z.looseObject({ code: z.string(), message: z.string() }) as unknown as z.ZodType<Failure>;

const hello = z.strictObject({
  type: z.literal('hello'),
  v: z.int(),
  token: z.string(),
  role: z.enum(['runner', 'worker', 'observer', 'host']),
  run: z.string().max(200).exactOptional(),
  pid: z.int().positive(),
  workers: z.int().positive().exactOptional(),
  configHash: z.string().exactOptional(),
  lease: z.string().max(200).exactOptional(),
});

const request = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('wait'),
    id,
    resources,
    gates: z.array(z.strictObject({ name: z.string(), atLeast: z.number().exactOptional() })),
    unit: z.enum(['file', 'test']).exactOptional(),
    exclusive: z.array(z.string()).exactOptional(),
    timeout: z.number().positive().exactOptional(),
  }),
  z.strictObject({ type: z.literal('rest'), id, waits: z.array(id).nullable() }),
  z.strictObject({
    type: z.literal('chaos'),
    id,
    resource: z.string(),
    act: z.enum(['kill', 'stop', 'pause', 'heal']),
    force: z.boolean(),
  }),
  z.strictObject({ type: z.literal('release'), id, unit: z.enum(['file', 'test']) }),
  z.strictObject({ type: z.literal('keep'), id }),
  z.strictObject({ type: z.literal('reset'), id }),
  z.strictObject({ type: z.literal('status'), id }),
  z.strictObject({ type: z.literal('watch'), id }),
  z.strictObject({ type: z.literal('hold'), id, resources }),
  z.strictObject({ type: z.literal('retry'), id }),
  z.strictObject({ type: z.literal('finish'), id }),
  z.strictObject({
    type: z.literal('incidents'),
    id,
    resources: z.array(z.string()),
    from: z.number().nonnegative(),
    until: z.number().nonnegative().exactOptional(),
    check: z.boolean().exactOptional(),
  }),
  z.strictObject({
    type: z.literal('health'),
    id,
    resource: z.string(),
    what: z.enum(['healed', 'checks']),
    atLeast: z.int().positive(),
    timeout: z.number().positive(),
  }),
  z.strictObject({ type: z.literal('report'), id, failure }),
  z.strictObject({ type: z.literal('down'), id, force: z.boolean() }),
]);

const answer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('result'), call: id, value: json }),
  z.strictObject({ type: z.literal('threw'), call: id, failure }),
]);

export const helloSchema: z.ZodType<Extract<FromClient, { type: 'hello' }>> = hello;
export const requestSchema = request;
/** Enough of a request to answer what is wrong with the rest. */
export const numberedSchema = z.object({ id });
export const answerSchema = answer;
