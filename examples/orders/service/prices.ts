import type { Product, Snapshot } from './catalogue.ts';

export interface PricedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitCents: number;
}

export interface Price {
  readonly lines: readonly PricedLine[];
  readonly netCents: number;
  readonly discountCents: number;
  readonly taxCents: number;
  readonly totalCents: number;
}

/**
 * The price of an order. The discount depends on the quantity of each line; tax is on the discounted sum. Cents are
 * rounded half up, once for each discounted line and once for the tax.
 */
export function priceOf(
  lines: readonly { readonly product: Product; readonly quantity: number }[],
  country: string,
  catalogue: Snapshot,
): Price {
  const priced = lines.map(({ product, quantity }) => ({ sku: product.sku, quantity, unitCents: product.priceCents }));
  const netCents = sum(priced.map((line) => line.quantity * line.unitCents));
  const discountCents = sum(
    priced.map((line) => percentOf(line.quantity * line.unitCents, discountFor(line.quantity, catalogue))),
  );
  const taxCents = percentOf(netCents - discountCents, catalogue.taxes[country] ?? 0);
  return { lines: priced, netCents, discountCents, taxCents, totalCents: netCents - discountCents + taxCents };
}

function discountFor(quantity: number, { discounts }: Snapshot): number {
  return discounts.findLast((discount) => quantity >= discount.minQuantity)?.percent ?? 0;
}

const percentOf = (cents: number, percent: number): number => Math.round((cents * percent) / 100);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, next) => total + next, 0);
