// Brings the database of DATABASE_URL to the newest version; runs as a job, before the service starts.
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';

const folder = new URL('./migrations/', import.meta.url);
const client = new Client({ connectionString: process.env['DATABASE_URL'] });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz DEFAULT now())');
const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
const done = new Set(rows.map((row) => row.name));

for (const name of (await readdir(folder)).toSorted()) {
  if (done.has(name)) continue;
  await client.query('BEGIN');
  await client.query(await readFile(new URL(name, folder), 'utf8'));
  await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
  await client.query('COMMIT');
  console.log(`applied ${name}`);
}
await client.end();
