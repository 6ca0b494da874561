import type { Pool } from 'pg';
import type { Catalogue } from './catalogue.ts';
import { notFound } from './errors.ts';
import type { Routes } from './http.ts';
import { orders } from './orders.ts';
import { products } from './products.ts';
import { parse, requests } from './requests.ts';
import { summaries } from './summaries.ts';

export interface Parts {
  readonly pool: Pool;
  readonly catalogue: Catalogue;
  readonly llmUrl: string;
}

/** Everything the service can be asked. */
export function routes({ pool, catalogue, llmUrl }: Parts): Routes {
  const order = orders(pool, catalogue);
  const product = products(pool, catalogue);
  const summary = summaries(pool, llmUrl);

  return {
    'GET /health': () => ({ body: { ok: true } }),
    'GET /catalog': () => {
      const { generation } = catalogue.current();
      return { body: { synced: generation > 0, generation } };
    },

    'GET /products': ({ query }) => {
      const category = query.get('category');
      const all = catalogue.current().products;
      return { body: category === null ? all : all.filter((each) => each.category === category) };
    },
    'GET /products/:sku': ({ params }) => {
      const found = catalogue.product(params['sku']!);
      if (found === undefined) throw notFound(`product ${params['sku']}`);
      return { body: found };
    },
    'POST /products': async ({ body }) => ({ status: 201, body: await product.add(parse(requests.product, body)) }),
    'PUT /products/:sku/price': async ({ params, body }) => {
      await product.setPrice(params['sku']!, parse(requests.price, body).priceCents);
      return { body: catalogue.product(params['sku']!) };
    },

    'GET /stock/:sku': async ({ params }) => ({ body: { available: await product.stock(params['sku']!) } }),
    'POST /stock/:sku': async ({ params, body }) => ({
      body: { available: await product.deliver(params['sku']!, parse(requests.delivery, body).add) },
    }),

    'POST /quotes': ({ body }) => ({ body: order.quote(parse(requests.quote, body)) }),
    'POST /orders': async ({ body }) => ({ status: 201, body: await order.place(parse(requests.order, body)) }),
    'GET /orders/:id': async ({ params }) => ({ body: await order.read(params['id']!) }),
    'POST /orders/:id/pay': async ({ params }) => ({ body: await order.advance(params['id']!, 'paid') }),
    'POST /orders/:id/ship': async ({ params }) => ({ body: await order.advance(params['id']!, 'shipped') }),
    'POST /orders/:id/cancel': async ({ params }) => ({ body: await order.advance(params['id']!, 'cancelled') }),
    'POST /orders/:id/summary': async ({ params }) => {
      const written = await summary.write(await order.read(params['id']!));
      return { status: written.written ? 201 : 200, body: written };
    },
    'GET /customers/:customer/orders': async ({ params, query }) => {
      const limit = Math.min(Number(query.get('limit') ?? 20), 100);
      const before = Number(query.get('before') ?? Number.MAX_SAFE_INTEGER);
      return { body: await order.ofCustomer(params['customer']!, limit, before) };
    },
  };
}
