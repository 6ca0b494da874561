import { command, defineConfig, gate, http } from 'greenroom';
import { mockLlm } from 'greenroom/llm';
import { postgres } from 'greenroom/postgres';

// Each worker has a database of its own, cloned from one that was migrated once.
const db = postgres({
  migrate: { run: ['node', 'migrate.ts'], files: ['migrate.ts', 'migrations/*.sql'] },
  slice: 'worker',
});
const llm = mockLlm();

// And a service of its own on that database, so that no spec sees what specs of other workers do.
const orders = command({
  run: ['node', 'service/main.ts'],
  scope: 'worker',
  needs: { db, llm },
  env: ({ db, llm }) => ({ DATABASE_URL: db.url, LLM_URL: llm.url }),
  ready: http('/health'),
});

const config = defineConfig({
  resources: { db, llm, orders },
  gates: {
    // The service is healthy before its catalogue is synced; until then it answers with wrong prices.
    catalog: gate({ needs: { orders }, probe: http('orders', '/catalog', ({ synced }) => synced) }),
  },
  // Besides this file: when one of these changes, it is another infrastructure.
  inputs: ['service/*.ts'],
  // What specs see in process.env.
  env: ({ db, orders }) => ({ DATABASE_URL: db.url, ORDERS_URL: orders.url }),
  workers: 12,
});

export default config;

declare module 'greenroom' {
  interface Register {
    config: typeof config;
  }
}
