import { endpoint } from 'greenroom/vitest';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newOrder, unique } from './support/api.ts';

const client = new Client({ connectionString: process.env['DATABASE_URL'] });
beforeAll(() => client.connect());
afterAll(() => client.end());

test('the environment and the endpoint name the database of this worker', async () => {
  expect(endpoint('db').url).toBe(process.env['DATABASE_URL']);
  const { rows } = await client.query('SELECT count(*)::int AS orders FROM orders');
  expect(rows, 'which no other file has written to').toEqual([{ orders: 0 }]);
});

test('the migration has run once', async () => {
  const { rows } = await client.query('SELECT name FROM migrations ORDER BY name');
  expect(rows).toEqual([{ name: '001-tables.sql' }, { name: '002-catalogue.sql' }]);
});

test('an order is stored with its lines', async () => {
  const order = await newOrder({ sku: 'lamp-clip', quantity: 7 });
  const { rows } = await client.query('SELECT sku, quantity, unit_cents FROM order_lines WHERE order_id = $1', [
    order.id,
  ]);
  expect(rows).toEqual([{ sku: 'lamp-clip', quantity: 7, unit_cents: 1999 }]);
});

test('the database refuses a total that does not add up', async () => {
  const insert = `INSERT INTO orders (customer, country, net_cents, discount_cents, tax_cents, total_cents)
                  VALUES ($1, 'DE', 100, 0, 19, 100)`;
  await expect(client.query(insert, [unique('customer')])).rejects.toMatchObject({ code: '23514' });
});

test('the database refuses stock below nothing', async () => {
  const update = "UPDATE products SET stock = -1 WHERE sku = 'lamp-desk'";
  await expect(client.query(update)).rejects.toMatchObject({ code: '23514' });
});
