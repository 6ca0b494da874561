// The order service. Reads DATABASE_URL, LLM_URL and PORT.
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { Catalogue } from './catalogue.ts';
import { handle } from './http.ts';
import { routes } from './routes.ts';
import { required } from './settings.ts';

const pool = new Pool({ connectionString: required('DATABASE_URL'), max: 10 });
const catalogue = new Catalogue(pool);
const server = createServer(handle(routes({ pool, catalogue, llmUrl: required('LLM_URL') })));

server.listen(Number(required('PORT')), '127.0.0.1', () => {
  console.log(`listening on port ${required('PORT')}`);
});

process.once('SIGTERM', () => {
  catalogue.stop();
  server.close(() => void pool.end());
  server.closeAllConnections();
});
