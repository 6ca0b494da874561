import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject, TERMINAL } from '../../support/cli-project.ts';

/** The config of the fixture with a short time between the levels. */
const HURRIED = `import { command, defineConfig, http } from 'greenroom';
const store = command({ run: ['node', 'server.mjs', 'store'], ready: http('/health') });
export default defineConfig({ resources: { store }, linger: 0, grace: 100 });
`;

test.each(['SIGINT', 'SIGTERM'] as const)('%s is forwarded once, and the command decides', async (signal) => {
  await using project = cliProject();
  const run = project.start('run', '--', 'node', 'signals.mjs', '1');
  await run.line('ready');
  run.kill(signal);
  const { code, stdout } = await run.result;
  expect(code).toBe(41);
  expect(stdout.split('\n').slice(1)).toEqual([`${signal} number 1`]);
});

test('the second signal is forwarded too, the third one kills', async () => {
  await using project = cliProject();
  const run = project.start('run', '--', 'node', 'signals.mjs', '3');
  await run.line('ready');
  run.kill('SIGINT');
  await run.line('SIGINT number 1');
  run.kill('SIGTERM');
  await run.line('SIGTERM number 2');
  run.kill('SIGINT');
  const { code, stderr } = await run.result;
  expect(code).toBe(137);
  expect(stderr).toContain('did not end in time; killing it');
});

test('one signal is enough: the levels follow when the grace is over', async () => {
  await using project = cliProject({ 'greenroom.config.ts': HURRIED });
  const run = project.start('run', '--', 'node', 'signals.mjs', '3');
  await run.line('ready');
  run.kill('SIGTERM');
  const { code, stdout } = await run.result;
  expect(code).toBe(137);
  expect(stdout).toContain('SIGTERM number 1\nSIGTERM number 2');
});

test('a signal that comes twice at once, as from a terminal and from npm, is one', async () => {
  await using project = cliProject();
  const run = project.start('run', '--', 'node', 'signals.mjs', '2');
  await run.line('ready');
  run.kill('SIGINT');
  run.kill('SIGINT');
  await run.line('SIGINT number 1');
  run.kill('SIGTERM');
  await run.line('SIGTERM number 2');
  expect(await run.result).toMatchObject({ code: 42 });
});

test('when the coordinator is killed while it starts, the command is not run and the code is 13', async () => {
  await using project = cliProject({ 'server.mjs': 'setInterval(() => {}, 60_000)' });
  const run = project.start('run', '--', 'node', '-e', 'console.log("ran")');
  const line = await run.errorLine('coordinator pid');
  await run.errorLine('starting');
  process.kill(Number(/pid (\d+)/.exec(line)?.[1]), 'SIGKILL');
  expect(await run.result).toMatchObject({
    code: 13,
    stdout: '',
    stderr: expect.stringContaining('[COORDINATOR_LOST]'),
  });
  // Files of a generation that was killed are removed by the next one.
  project.write('server.mjs', 'process.exit(4)');
  expect(await project.greenroom('run', '--needs', 'store', 'true')).toMatchObject({ code: 11 });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while it starts: %i, and the start is called off', async (signal, expected) => {
  await using project = cliProject({ 'server.mjs': 'setInterval(() => {}, 60_000)' });
  const run = project.start('run', '--progress', 'plain', '--', 'true');
  await run.errorLine('starting');
  run.kill(signal);
  const { code, stderr } = await run.result;
  expect(code).toBe(expected);
  expect(stderr).toContain(`greenroom: interrupted by ${signal}`);
});

test('when the command line is killed, the command and the infrastructure end', async () => {
  await using project = cliProject();
  // The lease lives as long as the command: what the command does at its end still finds the infrastructure.
  project.write(
    'last-words.mjs',
    `import { writeFileSync } from 'node:fs';
process.on('SIGTERM', async () => {
  const answer = await fetch(process.env.API_URL);
  writeFileSync('last-words', await answer.text());
  process.exit();
});
setInterval(() => {}, 60_000);
console.log('ready');
`,
  );
  const run = project.start('run', '--', 'node', 'last-words.mjs');
  await run.line('ready');
  run.kill('SIGKILL');
  await run.result;
  await project.nothingLeft();
  expect(readFileSync(join(project.dir, 'last-words'), 'utf8')).toBe('"api"');
});

test('when the coordinator is killed, the command is ended and the code is 13', async () => {
  await using project = cliProject();
  const run = project.start('run', '--', 'node', 'signals.mjs', '1');
  await run.line('ready');
  const { stdout } = await project.greenroom('status', '--json');
  const [{ pid } = { pid: 0 }] = JSON.parse(stdout) as { pid: number }[];
  process.kill(pid, 'SIGKILL');
  const { code, stdout: seen, stderr } = await run.result;
  expect(code).toBe(13);
  expect(seen).toContain('SIGTERM number 1');
  expect(stderr).toContain('[COORDINATOR_LOST]');
  // Files of a generation that was killed are removed by the next one.
  expect(await project.greenroom('run', '--needs', 'store', 'true')).toMatchObject({ code: 0 });
});

test('when it is stopped by force, the command is ended and the code is 13', async () => {
  await using project = cliProject();
  const run = project.start('run', '--', 'node', 'signals.mjs', '1');
  await run.line('ready');
  const refused = await project.greenroom('down');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`pid ${run.pid}`) });
  expect(await project.greenroom('down', '--force')).toMatchObject({ code: 0 });
  expect(await run.result).toMatchObject({ code: 13, stderr: expect.stringContaining('[STOPPED]') });
});

/** util-linux' `script`, which runs a command on a terminal of its own. */
const hasScript = ((): boolean => {
  try {
    return execFileSync(TERMINAL, ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
})();

test.runIf(hasScript)("a terminal's ^C reaches the command once", async () => {
  await using project = cliProject();
  const run = project.onTerminal('run', '--', 'node', 'signals.mjs', '1');
  await run.line('ready, pid');
  run.type('\u0003');
  const { code, stdout } = await run.result;
  expect(code).toBe(41);
  expect(stdout.match(/SIGINT number/g)).toHaveLength(1);
  // The board: drawn in one go, over what was there before.
  expect(stdout).toMatch(/\u001B\[\?2026h[^]*store[^]*ready[^]*\u001B\[\?2026l/);
});
