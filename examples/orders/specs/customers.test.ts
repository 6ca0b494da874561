import { expect, test } from 'vitest';
import type { Order } from '../service/orders.ts';
import { get, newOrder, unique } from './support/api.ts';

async function ordersOf(customer: string, query = ''): Promise<readonly Order[]> {
  const { body } = await get<Order[]>(`/customers/${encodeURIComponent(customer)}/orders${query}`);
  return body;
}

test('a customer nobody knows has no orders', async () => {
  expect(await ordersOf(unique('stranger'))).toEqual([]);
});

test('a customer has their own orders, newest first', async () => {
  const customer = unique('customer');
  const first = await newOrder({ customer });
  await newOrder();
  const second = await newOrder({ customer, sku: 'stool-bar' });
  expect(await ordersOf(customer)).toEqual([second, first]);
});

test('names with spaces and letters of other alphabets work', async () => {
  const customer = unique('Zoë & Søn, 東京');
  const order = await newOrder({ customer });
  expect(await ordersOf(customer)).toEqual([order]);
});

test('a page has as many orders as asked for', async () => {
  const customer = unique('customer');
  for (let count = 0; count < 4; count += 1) await newOrder({ customer });
  expect(await ordersOf(customer, '?limit=3')).toHaveLength(3);
});

test('the next page goes on where the last one ended', async () => {
  const customer = unique('customer');
  const placed: Order[] = [];
  for (let count = 0; count < 5; count += 1) placed.unshift(await newOrder({ customer }));
  const first = await ordersOf(customer, '?limit=2');
  const second = await ordersOf(customer, `?limit=10&before=${first.at(-1)?.number}`);
  expect([...first, ...second]).toEqual(placed);
});
