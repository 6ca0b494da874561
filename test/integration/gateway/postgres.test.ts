/** A database behind a gateway. */
import { expect, test } from 'vitest';
import { gateway } from '../../../src/gateway/index.ts';
import { DatabaseProject } from '../../support/database-project.ts';
import { ask } from '../../support/sql.ts';

const NAMES = `select string_agg(name, ',' order by id) from items`;

test('each worker reaches its own database through its own port, and a fault of one is not the other’s', async () => {
  await using project = new DatabaseProject(`
    const db = postgres({ migrate: 'migrations/*.sql', slice: 'worker', gateway: {} });
    const shared = postgres({ migrate: 'migrations/*.sql', gateway: {} });
    export default defineConfig({ resources: { db, shared }, workers: 2, linger: 0 });`);
  const [one, two] = await Promise.all([project.join('worker'), project.join('worker')]);
  const [{ endpoints: first }, { endpoints: second }] = await Promise.all([
    one.ready({ resources: null }),
    two.ready({ resources: null }),
  ]);

  for (const [at, { db, shared }] of [first, second].entries()) {
    await ask(db.url, `insert into items (name) values ('of ${at}')`);
    await ask(shared.url, `insert into items (name) values ('of ${at}')`);
  }
  expect(await ask(first.db.url, NAMES)).toBe('seed,of 0');
  expect(await ask(second.db.url, NAMES)).toBe('seed,of 1');
  expect(await ask(second.shared.url, NAMES)).toBe('seed,of 0,of 1');
  expect(first.db.port).not.toBe(second.db.port);
  expect(first.shared.port).not.toBe(second.shared.port);

  // Two connections of the first worker's, each with what the server said on it.
  const connections = await gateway(first.db).exchanges();
  expect(connections.map(({ resource, slot, end }) => [resource, slot, end])).toEqual([
    ['db', first.db.gatewaySlot, 'complete'],
    ['db', first.db.gatewaySlot, 'complete'],
  ]);
  for (const { requestBytes, responseBytes } of connections) {
    expect(requestBytes).toBeGreaterThan(0);
    expect(responseBytes).toBeGreaterThan(0);
  }

  // A connection that breaks off in the middle of an answer, one that is refused, and the next one as ever.
  await gateway(first.db).fault({ kind: 'truncate', bytes: 400, times: 1 });
  await expect(ask(first.db.url, `select repeat('long', 10000)`)).rejects.toThrow(/terminated unexpectedly/);
  await gateway(first.db).fault({ kind: 'reset', times: 1 });
  await expect(ask(first.db.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await ask(first.db.url, NAMES)).toBe('seed,of 0');
  await gateway(first.shared).fault({ kind: 'refuse' });
  // What was on its way may be answered by a reset.
  await expect(ask(first.shared.url, 'select 1')).rejects.toThrow(/terminated unexpectedly|ECONNRESET/);
  expect(await ask(second.shared.url, 'select 1')).toBe(1);

  one.kill();
  two.kill();
  await project.nothingLeft();
});
