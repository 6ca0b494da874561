import { expect, inject, test } from 'vitest';
import type { Order } from '../service/orders.ts';
import { get, newOrder, post, type Refusal } from './support/api.ts';

interface Summary {
  readonly summary: string;
  readonly written: boolean;
}

test('a new order has no summary', async () => {
  expect((await newOrder()).summary).toBeNull();
});

test('a summary is written by the language model and kept', async () => {
  const order = await newOrder({ sku: 'shelf-wall', quantity: 2 });
  const { status, body } = await post<Summary>(`/orders/${order.id}/summary`);
  expect(status).toBe(201);
  expect(body.summary).not.toBe('');
  expect((await get<Order>(`/orders/${order.id}`)).body.summary).toBe(body.summary);
});

test('a second request gets the same summary and does not ask again', async () => {
  const order = await newOrder();
  const first = await post<Summary>(`/orders/${order.id}/summary`);
  const second = await post<Summary>(`/orders/${order.id}/summary`);
  expect(second).toEqual({ status: 200, body: { summary: first.body.summary, written: false } });
});

test('an order that does not exist has no summary', async () => {
  const { status, body } = await post<Refusal>(`/orders/${crypto.randomUUID()}/summary`);
  expect(status).toBe(404);
  expect(body.error.code).toBe('not_found');
});

test('the language model is there for specs too', async () => {
  const response = await fetch(`${inject('greenroom').llm.url}/v1/models`);
  expect(await response.json()).toMatchObject({ object: 'list' });
});
