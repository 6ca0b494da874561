import { expect, test } from 'vitest';
import { get, post, type Refusal, unique } from './support/api.ts';

test('every wrong field of an order is named', async () => {
  const order = { customer: ' ', country: 'Germany', lines: [{ sku: 'lamp-desk', quantity: 0 }] };
  const { status, body } = await post<Refusal>('/orders', order);
  expect(status).toBe(422);
  expect(body.error.fields).toEqual({
    country: 'must be a country code of two capital letters',
    customer: 'must not be empty',
    'lines.0.quantity': 'must be at least 1',
  });
});

test('an order without lines is refused', async () => {
  const { body } = await post<Refusal>('/orders', { customer: unique('customer'), country: 'DE', lines: [] });
  expect(body.error.fields).toEqual({ lines: 'must have at least one line' });
});

test('a sku may stand in one line only', async () => {
  const line = { sku: 'lamp-desk', quantity: 1 };
  const { body } = await post<Refusal>('/quotes', { country: 'DE', lines: [line, line] });
  expect(body.error.fields).toEqual({ lines: 'must name each sku once' });
});

test('a body that is not JSON is refused', async () => {
  const response = await fetch(`${process.env['ORDERS_URL']}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{ "customer": ',
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'bad_json' } });
});

test('a path that does not exist is named', async () => {
  const { status, body } = await get<Refusal>('/basket');
  expect(status).toBe(404);
  expect(body.error.message).toBe('GET /basket does not exist');
});
