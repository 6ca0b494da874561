import { expect, test } from 'vitest';
import type { Order } from '../service/orders.ts';
import { get, newOrder, newProduct, post, type Refusal, request, unique } from './support/api.ts';

test('a new order is open and has its price', async () => {
  const customer = unique('customer');
  const lines = [{ sku: 'lamp-desk', quantity: 2 }];
  const { status, body } = await post<Order>('/orders', { customer, country: 'DE', lines });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    customer,
    status: 'open',
    summary: null,
    netCents: 9900,
    taxCents: 1881,
    totalCents: 11781,
  });
});

test('an order can be read again', async () => {
  const order = await newOrder({ sku: 'chair-oak', quantity: 3 });
  const { body } = await get<Order>(`/orders/${order.id}`);
  expect(body).toEqual(order);
});

test('an order that does not exist is not found', async () => {
  for (const id of [crypto.randomUUID(), 'nonsense']) {
    const { status, body } = await get<Refusal>(`/orders/${id}`);
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  }
});

test('an order keeps its price when the catalogue changes', async () => {
  const { sku } = await newProduct({ priceCents: 1000 });
  const order = await newOrder({ sku, quantity: 2 });
  await request('PUT', `/products/${sku}/price`, { priceCents: 9999 });
  const { body } = await get<Order>(`/orders/${order.id}`);
  expect(body).toMatchObject({ netCents: 2000, lines: [{ sku, quantity: 2, unitCents: 1000 }] });
});

test('later orders have higher numbers', async () => {
  const first = await newOrder();
  const second = await newOrder();
  expect(second.number).toBeGreaterThan(first.number);
});
