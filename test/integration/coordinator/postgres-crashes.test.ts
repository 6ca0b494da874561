import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FaultPoint } from '../../../src/platform/fault.ts';
import { eventually, Project } from '../../support/project.ts';
import { ask } from '../../support/sql.ts';
import { namesIn } from '../../support/sql-project.ts';

const CONFIG = `export default defineConfig({
  resources: { db: postgres({ migrate: 'migrations/*.sql' }) },
  linger: 0,
});`;

function migrated(text: string): Project {
  const project = new Project(CONFIG);
  mkdirSync(join(project.dir, 'migrations'));
  writeFileSync(join(project.dir, 'migrations', '1.sql'), text);
  return project;
}

const kept = (project: Project): readonly string[] => namesIn(join(project.cacheHome, 'greenroom', 'postgres'));
const ENTRY = /^[0-9a-f]{32}$/;

const POINTS: readonly FaultPoint[] = ['postgres.building', 'postgres.sealing', 'postgres.caching', 'postgres.cached'];

test.each(POINTS.flatMap((point) => [1, 2].map((round) => [point, round] as const)))(
  'I4: the coordinator is killed at %s (%i): no half template is ever used, and nothing is left',
  async (point) => {
    await using project = migrated('create table things (id int); insert into things values (1), (2);');
    const first = project.spawn('runner', { GREENROOM_FAULT: point });
    first.order('wait', { resources: null });
    await first.hears(point.includes('cach') ? 'lost' : 'failed');
    first.kill();
    await first.ends();
    await eventually(() => (project.running().length === 0 ? true : undefined), 'everything to end without help');
    await eventually(() => (project.tempDirs().length === 0 ? true : undefined), 'its directories to go without help');
    expect(kept(project).filter((name) => ENTRY.test(name))).toHaveLength(point === 'postgres.cached' ? 1 : 0);

    const next = await project.join();
    const { endpoints } = await next.ready();
    expect(await ask(endpoints.db.url, 'select count(*)::int from things')).toBe(2);
    next.kill();
    await project.nothingLeft([endpoints.db.port]);
    expect(kept(project)).toEqual([expect.stringMatching(ENTRY)]);
  },
);

test('I6: a failing migration is one error, told to all who wait', async () => {
  await using project = migrated('create table things (id int);\n  select nonsense;');
  const members = [project.spawn('runner'), project.spawn('runner'), project.spawn('runner')];
  for (const member of members) member.order('wait', { resources: null });
  const failures = await Promise.all(members.map((member) => member.hears('failed')));
  for (const failure of failures) {
    expect(failure).toMatchObject({
      code: 'MIGRATION_FAILED',
      message: 'migrating db failed at migrations/1.sql:2:10: column "nonsense" does not exist',
    });
  }
  expect(project.generations().flatMap(({ events }) => events.filter(({ kind }) => kind === 'failed'))).toHaveLength(1);
  for (const member of members) member.kill();
  await project.nothingLeft();
  expect(kept(project)).toEqual([]);
});
