import { z } from 'zod';
import { HttpError } from './errors.ts';

const sku = z.string().regex(/^[a-z0-9-]{3,60}$/, 'must be 3 to 60 small letters, digits and hyphens');
const count = z.int('must be a whole number').min(1, 'must be at least 1').max(10_000, 'must be at most 10000');
const cents = z.int('must be a whole number').min(1, 'must be at least 1');

const cart = z.object({
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters'),
  lines: z
    .array(z.object({ sku, quantity: count }))
    .min(1, 'must have at least one line')
    .refine((lines) => new Set(lines.map((line) => line.sku)).size === lines.length, 'must name each sku once'),
});

export const requests = {
  quote: cart,
  order: cart.extend({ customer: z.string('must be a name').trim().min(1, 'must not be empty').max(100) }),
  product: z.object({
    sku,
    name: z.string('must be a name').trim().min(1, 'must not be empty'),
    category: z.string('must be a category').regex(/^[a-z]+$/, 'must be small letters'),
    priceCents: cents,
    stock: z.int('must be a whole number').min(0, 'must not be negative'),
  }),
  price: z.object({ priceCents: cents }),
  delivery: z.object({ add: count }),
};

export type Cart = z.infer<typeof requests.quote>;
export type OrderRequest = z.infer<typeof requests.order>;
export type ProductRequest = z.infer<typeof requests.product>;

/** Checks a request body; the error lists every wrong field. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const fields = Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.'), issue.message]));
  throw new HttpError(422, 'invalid', 'the request has invalid fields', fields);
}
