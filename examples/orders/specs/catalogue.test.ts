import { expect, test } from 'vitest';
import type { Product } from '../service/catalogue.ts';
import { get, newProduct, type Refusal } from './support/api.ts';

interface CatalogueState {
  readonly synced: boolean;
  readonly generation: number;
}

test('is synced, at a real generation', async () => {
  const { body } = await get<CatalogueState>('/catalog');
  expect(body.synced).toBe(true);
  expect(body.generation).toBeGreaterThan(0);
});

test('lists what the migration put in, not defaults', async () => {
  const { body } = await get<Product[]>('/products');
  expect(body).toContainEqual({ sku: 'lamp-desk', name: 'Desk lamp', category: 'light', priceCents: 4950 });
  expect(body).toContainEqual({ sku: 'table-round', name: 'Round table', category: 'tables', priceCents: 34900 });
});

test('filters by category', async () => {
  const { body } = await get<Product[]>('/products?category=shelves');
  expect(body.map((product) => product.sku)).toEqual(['shelf-corner', 'shelf-wall']);
});

test('does not make products up', async () => {
  const { status, body } = await get<Refusal>('/products/no-such-thing');
  expect(status).toBe(404);
  expect(body.error).toMatchObject({ code: 'not_found', message: 'product no-such-thing does not exist' });
});

test('reaches a higher generation with each new product', async () => {
  const before = await get<CatalogueState>('/catalog');
  await newProduct();
  const after = await get<CatalogueState>('/catalog');
  expect(after.body.generation).toBeGreaterThan(before.body.generation);
});
