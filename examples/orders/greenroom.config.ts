import { command, defineConfig, gate, http } from 'greenroom';
import { mockLlm } from 'greenroom/llm';
import { postgres } from 'greenroom/postgres';

const db = postgres();
const llm = mockLlm();

const migration = command({
  kind: 'job',
  run: ['node', 'migrate.ts'],
  needs: { db },
  env: ({ db }) => ({ DATABASE_URL: db.url }),
});

const orders = command({
  run: ['node', 'service/main.ts'],
  needs: { db, llm, migration },
  env: ({ db, llm }) => ({ DATABASE_URL: db.url, LLM_URL: llm.url }),
  ready: http('/health'),
});

const config = defineConfig({
  resources: { db, llm, migration, orders },
  gates: {
    // The service is healthy before its catalogue is synced; until then it answers with wrong prices.
    catalog: gate({ needs: { orders }, probe: http('orders', '/catalog', ({ synced }) => synced) }),
  },
  // Besides this file: when one of these changes, it is another infrastructure.
  inputs: ['migrate.ts', 'migrations/*.sql', 'service/*.ts'],
  // What specs see in process.env.
  env: ({ db, orders }) => ({ DATABASE_URL: db.url, ORDERS_URL: orders.url }),
});

export default config;

declare module 'greenroom' {
  interface Register {
    config: typeof config;
  }
}
