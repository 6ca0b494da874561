import type { Pool } from 'pg';
import { z } from 'zod';
import { HttpError } from './errors.ts';
import type { Order } from './orders.ts';

const MODEL = 'orders-summary';

const completion = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })], z.unknown()),
});

/** Writes a sentence about an order with the help of a language model, once for each order. */
export function summaries(pool: Pool, llmUrl: string) {
  return {
    async write(order: Order): Promise<{ readonly summary: string; readonly written: boolean }> {
      if (order.summary !== null) return { summary: order.summary, written: false };
      const summary = await complete(llmUrl, promptFor(order));
      await pool.query('UPDATE orders SET summary = $2 WHERE id = $1', [order.id, summary]);
      return { summary, written: true };
    },
  };
}

function promptFor({ customer, lines, totalCents }: Order): string {
  const goods = lines.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(', ');
  return `Summarise in one sentence: ${customer} ordered ${goods} for ${(totalCents / 100).toFixed(2)} EUR.`;
}

async function complete(llmUrl: string, prompt: string): Promise<string> {
  const response = await fetch(`${llmUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: prompt }] }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new HttpError(502, 'llm_failed', `the language model answered ${response.status}`);
  return completion.parse(await response.json()).choices[0].message.content.trim();
}
