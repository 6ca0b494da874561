import type { Pool } from 'pg';
import type { Catalogue, Product } from './catalogue.ts';
import { conflict, notFound } from './errors.ts';
import type { ProductRequest } from './requests.ts';

/** Products and their stock, as they stand in the database. */
export function products(pool: Pool, catalogue: Catalogue) {
  return {
    async add(product: ProductRequest): Promise<Product> {
      const { sku, name, category, priceCents, stock } = product;
      const { rowCount } = await pool.query(
        'INSERT INTO products (sku, name, category, price_cents, stock) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [sku, name, category, priceCents, stock],
      );
      if (rowCount === 0) throw conflict('sku_taken', `there is a product ${sku} already`);
      await catalogue.refresh();
      return { sku, name, category, priceCents };
    },

    async setPrice(sku: string, priceCents: number): Promise<void> {
      const { rowCount } = await pool.query('UPDATE products SET price_cents = $2 WHERE sku = $1', [sku, priceCents]);
      if (rowCount === 0) throw notFound(`product ${sku}`);
      await catalogue.refresh();
    },

    async stock(sku: string): Promise<number> {
      const { rows } = await pool.query<{ stock: number }>('SELECT stock FROM products WHERE sku = $1', [sku]);
      return rows[0]?.stock ?? fail(sku);
    },

    async deliver(sku: string, add: number): Promise<number> {
      const { rows } = await pool.query<{ stock: number }>(
        'UPDATE products SET stock = stock + $2 WHERE sku = $1 RETURNING stock',
        [sku, add],
      );
      return rows[0]?.stock ?? fail(sku);
    },
  };
}

function fail(sku: string): never {
  throw notFound(`product ${sku}`);
}
