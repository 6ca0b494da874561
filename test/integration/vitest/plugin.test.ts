import { expect, test } from 'vitest';
import { vitestProject } from '../../support/vitest-project.ts';

const PROJECTS = `
  import greenroom from 'greenroom/vitest';
  import { defineConfig } from 'vitest/config';

  const project = (name, file, extended) => ({ extends: extended, test: { name, include: ['specs/' + file] } });
  export default defineConfig({
    plugins: [greenroom()],
    test: { projects: [project('heir', '{endpoints,gate}.test.ts', true), project('loner', 'member.test.ts', false)] },
  });
`;

test.each([
  ['forks', ['--pool=forks']],
  ['forks without isolation', ['--pool=forks', '--no-isolate', '--maxWorkers=1']],
  ['threads', ['--pool=threads']],
])('specs have endpoints, slot and open gate before their first line: %s', async (_, args) => {
  await using project = vitestProject();
  const { exitCode, files, output } = await project.vitest('run', ...args);
  expect(output).not.toContain('failed');
  expect(files.map((file) => file.status)).toEqual(['passed', 'passed', 'passed']);
  expect(exitCode).toBe(0);
});

test('projects are reached whether they inherit the root config or not', async () => {
  await using project = vitestProject({ 'vitest.config.ts': PROJECTS });
  const { files, output } = await project.vitest('run');
  expect(
    files.map((file) => file.status),
    output,
  ).toEqual(['passed', 'passed', 'passed']);
  expect(project.generations()).toHaveLength(1);
});

test('without isolation, one worker has one lease for all of its files', async () => {
  await using project = vitestProject();
  await project.vitest('run', '--no-isolate', '--maxWorkers=1');
  const [events = []] = project.generations();
  const joined = events.flatMap((event) => (event.kind === 'joined' ? [event.role] : []));
  const gates = events.flatMap((event) => (event.kind === 'waiting' && event.gates.length > 0 ? [event.member] : []));
  expect(joined).toEqual(['runner', 'worker']);
  expect(gates).toHaveLength(3);
  expect(new Set(gates).size).toBe(1);
});

test('the main process leaves after its workers', async () => {
  await using project = vitestProject();
  await project.vitest('run');
  const [events = []] = project.generations();
  const runner = events.find((event) => event.kind === 'joined' && event.role === 'runner');
  const left = events.flatMap((event) => (event.kind === 'left' ? [event.lease] : []));
  expect(left).toHaveLength(4);
  expect(runner).toMatchObject({ lease: left.at(-1), workers: 3 });
});

test('`vitest list` starts nothing', async () => {
  await using project = vitestProject();
  const { output } = await project.vitest('list');
  expect(output).toContain('specs/gate.test.ts > was open before the first hook of the file');
  expect(project.generations()).toEqual([]);
});

test.each([
  ["{ infraExitCode: '75' }", 'infraExitCode: expected a whole number from 1 to 255, got "75"'],
  ['{ infraExit: 75 }', 'there is no option `infraExit`; did you mean `infraExitCode`?'],
])('an option of the plugin that cannot be is refused: %s', async (options, message) => {
  const config = `
    import greenroom from 'greenroom/vitest';
    export default { plugins: [greenroom(${options})], test: { include: ['specs/*.test.ts'] } };
  `;
  await using project = vitestProject({ 'vitest.config.ts': config });
  const { exitCode, output } = await project.vitest('run');
  expect(output).toContain(`greenroom() of vitest.config: ${message} [CONFIG_INVALID]\nhint: `);
  expect(output).not.toMatch(/^ *at .*dist/m);
  expect(exitCode).toBe(2);
  expect(project.generations()).toEqual([]);
});
