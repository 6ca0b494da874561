import { randomUUID } from 'node:crypto';
import type { Product } from '../../service/catalogue.ts';
import type { Order } from '../../service/orders.ts';

export interface Reply<T> {
  readonly status: number;
  readonly body: T;
}

export interface Refusal {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
}

/** Sends a request to the service under test and parses the answer. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<Reply<T>> {
  const response = await fetch(`${process.env['ORDERS_URL']}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}

export const get = <T>(path: string): Promise<Reply<T>> => request<T>('GET', path);
export const post = <T>(path: string, body?: unknown): Promise<Reply<T>> => request<T>('POST', path, body);

/** A name nobody else uses: the specs of one file share a database, and keep apart by what they name. */
export const unique = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;

/** Adds a product that only this spec knows. */
export async function newProduct(
  given: { stock?: number; priceCents?: number; category?: string } = {},
): Promise<Product> {
  const { stock = 10, priceCents = 2500, category = 'other' } = given;
  const sku = unique('sku');
  const { status, body } = await post<Product>('/products', {
    sku,
    name: `Product ${sku}`,
    category,
    priceCents,
    stock,
  });
  if (status !== 201) throw new Error(`the product was not added: ${JSON.stringify(body)}`);
  return body;
}

/** Places an order that must succeed. */
export async function newOrder(given: { customer?: string; sku?: string; quantity?: number } = {}): Promise<Order> {
  const { customer = unique('customer'), sku = 'lamp-desk', quantity = 1 } = given;
  const { status, body } = await post<Order>('/orders', { customer, country: 'DE', lines: [{ sku, quantity }] });
  if (status !== 201) throw new Error(`the order was not placed: ${JSON.stringify(body)}`);
  return body;
}
