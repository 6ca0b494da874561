import { expect, test } from 'vitest';
import type { Price } from '../service/prices.ts';
import { newProduct, post } from './support/api.ts';

async function quote(sku: string, quantity: number, country = 'US'): Promise<Price> {
  const { body } = await post<Price>('/quotes', { country, lines: [{ sku, quantity }] });
  return body;
}

test('one piece costs what the catalogue says', async () => {
  expect(await quote('lamp-floor', 1)).toMatchObject({ netCents: 12900, discountCents: 0, totalCents: 12900 });
});

test('nine pieces get no discount, ten get 5 percent', async () => {
  expect(await quote('chair-fold', 9)).toMatchObject({ netCents: 31500, discountCents: 0 });
  expect(await quote('chair-fold', 10)).toMatchObject({ netCents: 35000, discountCents: 1750 });
});

test('50 pieces get 12 percent, 100 get 20', async () => {
  expect(await quote('stool-bar', 50)).toMatchObject({ discountCents: 44700 });
  expect(await quote('stool-bar', 100)).toMatchObject({ discountCents: 149000, totalCents: 596000 });
});

test('a discount is rounded half up to whole cents', async () => {
  const { sku } = await newProduct({ priceCents: 9 });
  expect(await quote(sku, 10)).toMatchObject({ netCents: 90, discountCents: 5, totalCents: 85 });
});

test.each([
  ['DE', 6631, 41531],
  ['FR', 6980, 41880],
  ['CH', 2792, 37692],
])('a round table in %s has %i cents of tax', async (country, taxCents, totalCents) => {
  expect(await quote('table-round', 1, country)).toMatchObject({ netCents: 34900, taxCents, totalCents });
});

test('a country without a rate has no tax', async () => {
  expect(await quote('table-round', 1, 'AQ')).toMatchObject({ taxCents: 0, totalCents: 34900 });
});

test('tax is on the discounted sum', async () => {
  // 10 × 27.99 = 279.90, less 5 % (14.00) = 265.90, of which 19 % = 50.52
  expect(await quote('shelf-wall', 10, 'DE')).toMatchObject({ discountCents: 1400, taxCents: 5052, totalCents: 31642 });
});
