import type { Pool, PoolClient } from 'pg';
import type { Catalogue } from './catalogue.ts';
import { conflict, HttpError, notFound } from './errors.ts';
import { type Price, type PricedLine, priceOf } from './prices.ts';
import type { Cart, OrderRequest } from './requests.ts';

export type Status = 'open' | 'paid' | 'shipped' | 'cancelled';

export interface Order extends Price {
  readonly id: string;
  readonly number: number;
  readonly customer: string;
  readonly country: string;
  readonly status: Status;
  readonly summary: string | null;
}

/** What an order may become, from what. */
const STEPS = {
  paid: ['open'],
  shipped: ['paid'],
  cancelled: ['open', 'paid'],
} as const satisfies Partial<Record<Status, readonly Status[]>>;

const COLUMNS = `
  id, number::int, customer, country, status, summary, net_cents AS "netCents", discount_cents AS "discountCents",
  tax_cents AS "taxCents", total_cents AS "totalCents",
  (SELECT json_agg(json_build_object('sku', sku, 'quantity', quantity, 'unitCents', unit_cents) ORDER BY sku)
     FROM order_lines WHERE order_id = id) AS lines`;

export function orders(pool: Pool, catalogue: Catalogue) {
  const quote = (cart: Cart): Price => {
    const lines = cart.lines.map(({ sku, quantity }, index) => {
      const product = catalogue.product(sku);
      if (product !== undefined) return { product, quantity };
      throw new HttpError(422, 'invalid', 'the request has invalid fields', {
        [`lines.${index}.sku`]: 'is not in the catalogue',
      });
    });
    return priceOf(lines, cart.country, catalogue.current());
  };

  const read = async (id: string): Promise<Order> => {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw notFound(`order ${id}`);
    const { rows } = await pool.query<Order>(`SELECT ${COLUMNS} FROM orders WHERE id = $1`, [id]);
    const [order] = rows;
    if (order === undefined) throw notFound(`order ${id}`);
    return order;
  };

  return {
    quote,
    read,

    /** Newest first. `before` is the number of the last order of the page before. */
    async ofCustomer(customer: string, limit: number, before: number): Promise<readonly Order[]> {
      const { rows } = await pool.query<Order>(
        `SELECT ${COLUMNS} FROM orders WHERE customer = $1 AND number < $2 ORDER BY number DESC LIMIT $3`,
        [customer, before, limit],
      );
      return rows;
    },

    async place(request: OrderRequest): Promise<Order> {
      const price = quote(request);
      const id = await transaction(pool, async (client) => {
        await takeStock(client, price.lines);
        const { rows } = await client.query<{ id: string }>(
          `INSERT INTO orders (customer, country, net_cents, discount_cents, tax_cents, total_cents)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
          [request.customer, request.country, price.netCents, price.discountCents, price.taxCents, price.totalCents],
        );
        const inserted = rows[0]!.id;
        for (const { sku, quantity, unitCents } of price.lines) {
          await client.query('INSERT INTO order_lines VALUES ($1, $2, $3, $4)', [inserted, sku, quantity, unitCents]);
        }
        return inserted;
      });
      return read(id);
    },

    /** Takes an order one step further. A cancelled order gives its stock back. */
    async advance(id: string, to: keyof typeof STEPS): Promise<Order> {
      const order = await read(id);
      await transaction(pool, async (client) => {
        const { rowCount } = await client.query('UPDATE orders SET status = $2 WHERE id = $1 AND status = ANY ($3)', [
          id,
          to,
          STEPS[to],
        ]);
        if (rowCount === 0) throw conflict('wrong_status', `an order that is ${order.status} cannot become ${to}`);
        if (to === 'cancelled') await giveBackStock(client, order.lines);
      });
      return read(id);
    },
  };
}

/** Rows are locked in the order of their sku, so that two orders of the same products cannot block each other. */
async function takeStock(client: PoolClient, lines: readonly PricedLine[]): Promise<void> {
  for (const { sku, quantity } of lines.toSorted((a, b) => (a.sku < b.sku ? -1 : 1))) {
    const { rowCount } = await client.query('UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2', [
      sku,
      quantity,
    ]);
    if (rowCount === 0) throw conflict('out_of_stock', `there are fewer than ${quantity} of ${sku}`);
  }
}

async function giveBackStock(client: PoolClient, lines: readonly PricedLine[]): Promise<void> {
  for (const { sku, quantity } of lines) {
    await client.query('UPDATE products SET stock = stock + $2 WHERE sku = $1', [sku, quantity]);
  }
}

async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
