import { afterEach, expect, test } from 'vitest';
import type { TestProject, Vitest } from 'vitest/node';
import { GreenroomError } from '../../../src/protocol/failure.ts';
import { Environment } from '../../../src/vitest/environment.ts';
import { forRuns } from '../../../src/vitest/listing.ts';
import { ownFailure } from '../../../src/vitest/own-failure.ts';
import { inFront, servedProjects } from '../../../src/vitest/projects.ts';
import { missingTags } from '../../../src/vitest/tags.ts';

const [OURS = ''] = inFront([]);

afterEach(() => {
  delete process.env['GREENROOM_TEST_URL'];
});

test('the environment is as it was after what was set is taken back', () => {
  process.env['GREENROOM_TEST_URL'] = 'of the user';
  const environment = new Environment();
  environment.set({ GREENROOM_TEST_URL: 'first', GREENROOM_TEST_PORT: '1' });
  environment.set({ GREENROOM_TEST_URL: 'second' });
  expect(process.env).toMatchObject({ GREENROOM_TEST_URL: 'second' });
  expect(process.env).not.toHaveProperty('GREENROOM_TEST_PORT');
  environment.restore();
  expect(process.env['GREENROOM_TEST_URL']).toBe('of the user');
});

test('tags are declared once, and none that the user has or that Vitest refuses', () => {
  const names = missingTags(['db', 'llm', 'llm', 'or'], [{ name: 'db' }]).map(({ name }) => name);
  expect(names).toEqual(['llm']);
});

test('our global setup stands in front, once, however it was named', () => {
  expect(inFront(['./own.ts', 'greenroom/vitest/global-setup', OURS])).toEqual([OURS, './own.ts']);
});

function projectOf(name: string, globalSetup: readonly string[], isBrowser = false): TestProject {
  return { name, config: { globalSetup }, isBrowserEnabled: () => isBrowser } as unknown as TestProject;
}

test('a project that runs in a browser is left alone, and the user is told once', () => {
  const projects = [projectOf('unit', []), projectOf('pages', [], true), projectOf('shop', [], true)];
  const warnings: string[] = [];
  const vitest = {
    projects,
    getRootProject: () => projectOf('', [OURS]),
    logger: { warn: (text: string) => warnings.push(text) },
  } as unknown as Vitest;
  expect(servedProjects(vitest).map(({ name }) => name)).toEqual(['unit']);
  expect(warnings).toEqual(['greenroom: browser mode is not supported: pages, shop run without infrastructure']);
});

test('what is set up for who runs specs without starting Vitest, waits for the pool', async () => {
  const steps: string[] = [];
  const pool = { runTests: () => Promise.resolve(void steps.push('run')) };
  const vitest = { config: { watch: false }, coverageProvider: undefined, pool } as unknown as Vitest;
  await forRuns(vitest, {
    run: () => Promise.resolve(void steps.push('set up')),
    list: () => void steps.push('list'),
  });
  expect(steps).toEqual(['list']);
  await pool.runTests();
  expect(steps).toEqual(['list', 'set up', 'run']);
});

test('what is no failure of ours is thrown as it is', () => {
  const bug = new TypeError('x is not a function');
  expect(() => ownFailure(bug)).toThrow(bug);
  expect(ownFailure(Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toMatchObject({ code: 'DISK_FULL' });
  expect(ownFailure(new GreenroomError({ code: 'KEY_CONFLICT', message: '' }))).toMatchObject({ code: 'KEY_CONFLICT' });
});
