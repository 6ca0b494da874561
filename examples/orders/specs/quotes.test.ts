import { expect, test } from 'vitest';
import type { Order } from '../service/orders.ts';
import type { Price } from '../service/prices.ts';
import { get, newProduct, post, type Refusal, unique } from './support/api.ts';

test('several lines add up', async () => {
  const lines = [
    { sku: 'lamp-desk', quantity: 2 },
    { sku: 'chair-oak', quantity: 4 },
    { sku: 'table-round', quantity: 1 },
  ];
  const { body } = await post<Price>('/quotes', { country: 'US', lines });
  expect(body).toMatchObject({ netCents: 120400, totalCents: 120400 });
});

test('each line has the discount of its own quantity', async () => {
  const lines = [
    { sku: 'chair-fold', quantity: 10 },
    { sku: 'lamp-clip', quantity: 9 },
  ];
  const { body } = await post<Price>('/quotes', { country: 'US', lines });
  expect(body.discountCents).toBe(1750);
});

test('a quote takes nothing from stock', async () => {
  const { sku } = await newProduct({ stock: 3 });
  await post('/quotes', { country: 'DE', lines: [{ sku, quantity: 3 }] });
  expect((await get('/stock/' + sku)).body).toEqual({ available: 3 });
});

test('an unknown product is named, with its line', async () => {
  const lines = [
    { sku: 'lamp-desk', quantity: 1 },
    { sku: unique('ghost'), quantity: 1 },
  ];
  const { status, body } = await post<Refusal>('/quotes', { country: 'DE', lines });
  expect(status).toBe(422);
  expect(body.error.fields).toEqual({ 'lines.1.sku': 'is not in the catalogue' });
});

test('the order costs what was quoted', async () => {
  const lines = [{ sku: 'shelf-corner', quantity: 12 }];
  const quoted = await post<Price>('/quotes', { country: 'FR', lines });
  const ordered = await post<Order>('/orders', { customer: unique('customer'), country: 'FR', lines });
  expect(ordered.body).toMatchObject(quoted.body);
});
