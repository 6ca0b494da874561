import { expect, test } from 'vitest';
import { get, newOrder, newProduct, post, type Refusal, unique } from './support/api.ts';

test('an order takes its pieces from stock', async () => {
  const { sku } = await newProduct({ stock: 10 });
  await newOrder({ sku, quantity: 4 });
  expect((await get(`/stock/${sku}`)).body).toEqual({ available: 6 });
});

test('more than there is cannot be ordered', async () => {
  const { sku } = await newProduct({ stock: 2 });
  const order = { customer: unique('customer'), country: 'DE', lines: [{ sku, quantity: 3 }] };
  const { status, body } = await post<Refusal>('/orders', order);
  expect(status).toBe(409);
  expect(body.error).toMatchObject({ code: 'out_of_stock', message: `there are fewer than 3 of ${sku}` });
});

test('30 buyers at once cannot buy more than the 10 there are', async () => {
  const { sku } = await newProduct({ stock: 10 });
  const order = { customer: unique('crowd'), country: 'DE', lines: [{ sku, quantity: 1 }] };
  const replies = await Promise.all(Array.from({ length: 30 }, () => post('/orders', order)));
  expect(replies.filter((reply) => reply.status === 201)).toHaveLength(10);
  expect((await get(`/stock/${sku}`)).body).toEqual({ available: 0 });
});

test('an order that fails in its second line leaves the first one in stock', async () => {
  const [plenty, rare] = [await newProduct({ stock: 50 }), await newProduct({ stock: 1 })];
  const lines = [
    { sku: plenty.sku, quantity: 20 },
    { sku: rare.sku, quantity: 2 },
  ];
  expect((await post('/orders', { customer: unique('customer'), country: 'DE', lines })).status).toBe(409);
  expect((await get(`/stock/${plenty.sku}`)).body).toEqual({ available: 50 });
});

test('a delivery adds to stock', async () => {
  const { sku } = await newProduct({ stock: 1 });
  expect((await post(`/stock/${sku}`, { add: 24 })).body).toEqual({ available: 25 });
});
