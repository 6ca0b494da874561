import { expect, test } from 'vitest';
import type { Order } from '../service/orders.ts';
import { get, newOrder, post, type Refusal } from './support/api.ts';

test('an open order can be paid', async () => {
  const order = await newOrder();
  const { status, body } = await post<Order>(`/orders/${order.id}/pay`);
  expect(status).toBe(200);
  expect(body).toEqual({ ...order, status: 'paid' });
});

test('an order is paid only once', async () => {
  const order = await newOrder();
  await post(`/orders/${order.id}/pay`);
  const { status, body } = await post<Refusal>(`/orders/${order.id}/pay`);
  expect(status).toBe(409);
  expect(body.error).toMatchObject({ code: 'wrong_status', message: 'an order that is paid cannot become paid' });
});

test('of five payments at the same time one is taken', async () => {
  const order = await newOrder();
  const replies = await Promise.all(Array.from({ length: 5 }, () => post(`/orders/${order.id}/pay`)));
  expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1);
  expect(replies.filter((reply) => reply.status === 409)).toHaveLength(4);
});

test('only a paid order is shipped', async () => {
  const order = await newOrder();
  expect((await post(`/orders/${order.id}/ship`)).status).toBe(409);
  await post(`/orders/${order.id}/pay`);
  expect((await post<Order>(`/orders/${order.id}/ship`)).body.status).toBe('shipped');
});

test('paying changes nothing but the status', async () => {
  const order = await newOrder({ sku: 'table-side', quantity: 11 });
  await post(`/orders/${order.id}/pay`);
  const { body } = await get<Order>(`/orders/${order.id}`);
  expect(body).toEqual({ ...order, status: 'paid' });
});
