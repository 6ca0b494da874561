import { expect, test } from 'vitest';
import type { Product } from '../service/catalogue.ts';
import { get, newProduct, post, type Refusal, request, unique } from './support/api.ts';

test('a new product can be read at once', async () => {
  const product = await newProduct({ priceCents: 1234, category: 'garden' });
  const { status, body } = await get<Product>(`/products/${product.sku}`);
  expect(status).toBe(200);
  expect(body).toEqual({ sku: product.sku, name: `Product ${product.sku}`, category: 'garden', priceCents: 1234 });
});

test('a sku is given only once', async () => {
  const { sku } = await newProduct();
  const again = { sku, name: 'Another', category: 'other', priceCents: 1, stock: 1 };
  const { status, body } = await post<Refusal>('/products', again);
  expect(status).toBe(409);
  expect(body.error.code).toBe('sku_taken');
});

test('of two products added at the same time under one sku, one is taken', async () => {
  const product = { sku: unique('twin'), name: 'Twin', category: 'other', priceCents: 500, stock: 1 };
  const replies = await Promise.all([post('/products', product), post('/products', product)]);
  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201, 409]));
});

test('a changed price is what the catalogue shows', async () => {
  const { sku } = await newProduct({ priceCents: 1000 });
  const changed = await request<Product>('PUT', `/products/${sku}/price`, { priceCents: 1750 });
  expect(changed.body.priceCents).toBe(1750);
  expect((await get<Product>(`/products/${sku}`)).body.priceCents).toBe(1750);
});

test('a product that does not exist has no price to change', async () => {
  const { status, body } = await request<Refusal>('PUT', `/products/${unique('none')}/price`, { priceCents: 1 });
  expect(status).toBe(404);
  expect(body.error.code).toBe('not_found');
});
