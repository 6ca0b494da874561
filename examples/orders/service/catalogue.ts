import type { Pool } from 'pg';

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
}

/** Everything that prices are made of, as of one generation of the catalogue. */
export interface Snapshot {
  readonly generation: number;
  readonly products: readonly Product[];
  /** Sorted by `minQuantity`, smallest first. */
  readonly discounts: readonly { readonly minQuantity: number; readonly percent: number }[];
  /** Country → percent. */
  readonly taxes: Readonly<Record<string, number>>;
}

/** What the service answers with until the first fill: plausible, and wrong. Generation 0 is not a real one. */
const DEFAULTS: Snapshot = { generation: 0, products: [], discounts: [], taxes: {} };
const DEFAULT_PRICE_CENTS = 1000;

/** How long the first fill takes. */
const FILL_MS = 800;

/**
 * The catalogue in memory. As in many real services it is filled when it is first used, some time after the service
 * says that it is healthy, and answers with defaults until then: whoever tests against it too early gets wrong
 * prices, not errors.
 */
export class Catalogue {
  readonly #pool: Pool;
  #snapshot = DEFAULTS;
  #filling: NodeJS.Timeout | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The catalogue as it is known now. */
  current(): Snapshot {
    if (!this.#synced) this.#filling ??= setTimeout(() => this.#fill(), FILL_MS);
    return this.#snapshot;
  }

  /** The product, or a default one as long as nothing is synced; undefined when there is none. */
  product(sku: string): Product | undefined {
    const { products } = this.current();
    if (!this.#synced) return { sku, name: 'Product', category: 'other', priceCents: DEFAULT_PRICE_CENTS };
    return products.find((product) => product.sku === sku);
  }

  /** Takes over what was just changed in the database. Before the first fill there is nothing to bring up to date. */
  async refresh(): Promise<void> {
    if (this.#synced) await this.#load();
  }

  stop(): void {
    clearTimeout(this.#filling);
  }

  get #synced(): boolean {
    return this.#snapshot !== DEFAULTS;
  }

  #fill(): void {
    this.#load().catch((error: unknown) => {
      console.error('the catalogue could not be filled:', error);
      this.#filling = undefined;
    });
  }

  async #load(): Promise<void> {
    // One statement, so that all parts are of the same generation.
    const { rows } = await this.#pool.query<{ snapshot: Snapshot }>(`
      SELECT json_build_object(
        'generation', (SELECT generation FROM catalogue),
        'products', (SELECT json_agg(json_build_object(
            'sku', sku, 'name', name, 'category', category, 'priceCents', price_cents) ORDER BY sku) FROM products),
        'discounts', (SELECT json_agg(json_build_object(
            'minQuantity', min_quantity, 'percent', percent) ORDER BY min_quantity) FROM discounts),
        'taxes', (SELECT json_object_agg(country, percent) FROM tax_rates)
      ) AS snapshot`);
    const loaded = rows[0]?.snapshot;
    // A slow load must not overwrite the result of a later one.
    if (loaded !== undefined && loaded.generation > this.#snapshot.generation) this.#snapshot = loaded;
  }
}
