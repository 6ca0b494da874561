import { expect, test } from 'vitest';
import type { Order } from '../service/orders.ts';
import { get, newOrder, newProduct, post, type Refusal } from './support/api.ts';

test('an open order can be cancelled', async () => {
  const order = await newOrder();
  const { body } = await post<Order>(`/orders/${order.id}/cancel`);
  expect(body.status).toBe('cancelled');
});

test('a cancelled order gives its stock back', async () => {
  const { sku } = await newProduct({ stock: 8 });
  const order = await newOrder({ sku, quantity: 5 });
  expect((await get(`/stock/${sku}`)).body).toEqual({ available: 3 });
  await post(`/orders/${order.id}/cancel`);
  expect((await get(`/stock/${sku}`)).body).toEqual({ available: 8 });
});

test('an order cancelled five times at once gives its stock back once', async () => {
  const { sku } = await newProduct({ stock: 4 });
  const order = await newOrder({ sku, quantity: 2 });
  await Promise.all(Array.from({ length: 5 }, () => post(`/orders/${order.id}/cancel`)));
  expect((await get(`/stock/${sku}`)).body).toEqual({ available: 4 });
});

test('a shipped order stays shipped', async () => {
  const order = await newOrder();
  await post(`/orders/${order.id}/pay`);
  await post(`/orders/${order.id}/ship`);
  const { status, body } = await post<Refusal>(`/orders/${order.id}/cancel`);
  expect(status).toBe(409);
  expect(body.error.message).toBe('an order that is shipped cannot become cancelled');
});

test('a cancelled order cannot be paid', async () => {
  const order = await newOrder();
  await post(`/orders/${order.id}/cancel`);
  expect((await post(`/orders/${order.id}/pay`)).status).toBe(409);
});
