/** The fixture of the matrix, and what must be true of every run of it, seen from outside. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { vitestProject, type Major, type RunResult, type VitestProject } from '../../support/vitest-project.ts';

/** Specs of the fixture's files, four in each. */
export const SPECS = { a: 4, b: 4, c: 4, d: 4 } as const;

/** @param awaited Runs of which a spec file must have been evaluated before the cache of the service is synced. */
export function matrixProject(major: Major, awaited = 1): VitestProject {
  const project = vitestProject({}, { major, fixture: 'vitest-matrix' });
  const config = readFileSync(join(project.dir, 'greenroom.config.ts'), 'utf8');
  project.write('greenroom.config.ts', config.replace("'server.mjs', '1'", `'server.mjs', '${awaited}'`));
  return project;
}

/** What happened outside of Greenroom, in order: the server's start and end, and databases dropped between. */
function history(project: VitestProject): readonly string[] {
  const file = join(project.dir, 'history');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

export function databasesLeft(project: VitestProject): readonly string[] {
  return readdirSync(project.dir).filter((name) => name.startsWith('db_'));
}

/** All specs of these files ran and passed, in as many runs as there are results. */
export function expectAllPassed(results: readonly RunResult[], names: readonly (keyof typeof SPECS)[]): void {
  const output = results.map((result) => result.output).join('\n');
  const files = results.flatMap((result) => result.files);
  const specs = files.flatMap((file) =>
    file.assertionResults.map(({ status }) => `${basename(file.name, '.test.ts')} ${status}`),
  );
  const expected = names.flatMap((name) => Array.from({ length: SPECS[name] }, () => `${name} passed`));
  expect(specs.toSorted(), output).toEqual(expected);
  expect(
    results.map(({ exitCode }) => exitCode),
    output,
  ).toEqual(results.map(() => 0));
}

/** One life of the infrastructure, which ended after the last worker had cleaned up and left. */
export async function expectOneLifeAroundAllWorkers(project: VitestProject): Promise<void> {
  await project.nothingLeft();
  const told = history(project);
  expect(told.filter((line) => line === 'started' || line === 'stopped')).toEqual(['started', 'stopped']);
  expect([told.at(0), told.at(-1)]).toEqual(['started', 'stopped']);
  expect(databasesLeft(project)).toEqual([]);

  const generations = project.generations();
  expect(generations).toHaveLength(1);
  const [events = []] = generations;
  const workers = new Set(
    events.flatMap((event) => (event.kind === 'joined' && event.role === 'worker' ? [event.lease] : [])),
  );
  const lastLeft = events.findLastIndex((event) => event.kind === 'left' && workers.has(event.lease));
  const cleaned = events.findIndex((event) => event.kind === 'cleaned');
  expect(lastLeft).toBeGreaterThan(0);
  expect(cleaned).toBeGreaterThan(lastLeft);
}
