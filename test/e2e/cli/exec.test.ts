import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

test('copies: each with a lease and a slot, its output under its slot, the highest code wins', async () => {
  await using project = cliProject();
  const script =
    'console.log("slot", process.env.GREENROOM_SLOT); console.error("warned"); process.exitCode = process.env.GREENROOM_SLOT * 10';
  const { code, stdout, stderr } = await project.greenroom('exec', '--procs', '3', '--', 'node', '-e', script);
  expect(code, stderr).toBe(30);
  expect(stdout.split('\n').toSorted()).toEqual(['[1] slot 1', '[2] slot 2', '[3] slot 3']);
  expect(stderr).toContain('[2] warned');
  expect(stderr).toContain('4 leases at the peak');
});

test('one copy goes the same way', async () => {
  await using project = cliProject();
  const { code, stdout } = await project.greenroom(
    'exec',
    '--procs',
    '1',
    'sh',
    '-c',
    'printf "%s, no newline" "$GREENROOM_SLOT"',
  );
  expect([code, stdout]).toEqual([0, '[1] 1, no newline']);
});

test('a signal goes to all copies', async () => {
  await using project = cliProject();
  const run = project.start('exec', '--procs', '2', '--', 'node', 'signals.mjs', '1');
  await run.line('[1] ready');
  await run.line('[2] ready');
  run.kill('SIGINT');
  const { code, stdout } = await run.result;
  expect(code).toBe(41);
  expect(
    stdout
      .split('\n')
      .filter((line) => line.includes('SIGINT'))
      .toSorted(),
  ).toEqual(['[1] SIGINT number 1', '[2] SIGINT number 1']);
});

test('a copy that dies frees its slot for nobody in its own run, and the others go on', async () => {
  await using project = cliProject();
  const script = 'if [ "$GREENROOM_SLOT" = 1 ]; then kill -KILL $$; fi; echo "slot $GREENROOM_SLOT went on"';
  const { code, stdout } = await project.greenroom('exec', '--procs', '2', '--', 'sh', '-c', script);
  expect([code, stdout]).toEqual([137, '[2] slot 2 went on']);
});

test('--each: every file once, a rejection fails its file, the rest goes on', async () => {
  await using project = cliProject();
  const { code, stdout, stderr } = await project.greenroom('exec', '--procs', '2', '--each', 'specs/*.mjs');
  expect(code, stderr).toBe(1);
  expect(stdout).toMatch(/^pass specs\/1-pass\.mjs \(slot [12]\)$/m);
  expect(stdout).toMatch(/^FAIL specs\/2-reject\.mjs\n {2}Error: this spec is meant to fail/m);
  expect(stdout).toMatch(/^bare in slot [12]$/m);
  expect(stdout.split('\n').at(-1)).toBe('3 files: 2 passed, 1 failed');
});

test('--each: an error is told with its place in the files of the user, and no other', async () => {
  await using project = cliProject({ 'specs/1-pass.mjs': 'const one = 1;\nconst = 2;\n' });
  const { code, stdout } = await project.greenroom('exec', '--procs', '1', '--each', 'specs/*.mjs');
  expect(code).toBe(1);
  expect(stdout).toContain("FAIL specs/1-pass.mjs\n  SyntaxError: Unexpected token '='\n      at 1-pass.mjs:2\n");
  expect(stdout).toMatch(/^ +at \S+ \(file:.*specs\/2-reject\.mjs:\d+:\d+\)$/m);
  expect(stdout).not.toMatch(/node:internal|each-task/);
});

test('--each: a process that is killed fails its file only, and is replaced in its slot', async () => {
  const killed = 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {});';
  const told = 'console.log(`slot ${process.env.GREENROOM_SLOT}`);';
  await using project = cliProject({
    'specs/1-pass.mjs': told,
    'specs/2-reject.mjs': killed,
    'specs/3-bare.mjs': told,
  });
  const { code, stdout } = await project.greenroom('exec', '--procs', '1', '--each', 'specs/*.mjs');
  expect(code).toBe(1);
  expect(stdout).toContain('FAIL specs/2-reject.mjs\n  its process ended before the file did');
  expect(stdout.match(/^slot \d+$/gm)).toEqual(['slot 1', 'slot 1']);
  expect(stdout).toContain('3 files: 2 passed, 1 failed');
});

test('--each: a signal ends the files that run, and no other is begun', async () => {
  const hangs = 'console.log("hangs"); await new Promise((resolve) => setTimeout(resolve, 60_000));';
  await using project = cliProject({ 'specs/1-pass.mjs': hangs });
  const run = project.start('exec', '--procs', '1', '--each', 'specs/*.mjs');
  await run.line('hangs');
  run.kill('SIGINT');
  const { code, stdout } = await run.result;
  expect(code).toBe(130);
  expect(stdout).toContain('3 files: 0 passed, 1 failed, 2 not run');
});

test('--each: when the command line is killed, nothing goes on, not even a process that computes without end', async () => {
  const busy = 'process.on("SIGTERM", () => {}); console.log("busy"); for (;;);';
  await using project = cliProject({ 'specs/1-pass.mjs': busy });
  const run = project.start('exec', '--procs', '1', '--each', 'specs/*.mjs');
  await run.line('busy');
  run.kill('SIGKILL');
  await run.result;
});

/** A config whose only resources are cut, one of each kind of slice that `exec` hands out. */
const SLICED = `import { defineConfig, dir } from 'greenroom';
import { redis } from 'greenroom/redis';

const cache = redis({ slice: 'worker' });
const uploads = dir({ slice: 'file' });

export default defineConfig({
  resources: { cache, uploads },
  env: ({ cache, uploads }) => ({ CACHE: cache.url, UPLOADS: uploads.path }),
  linger: 0,
});
`;

test('copies: each has its own slice of what is cut for workers, and nothing is left of any', async () => {
  await using project = cliProject({ 'greenroom.config.ts': SLICED });
  const { code, stdout, stderr } = await project.greenroom(
    'exec',
    '--procs',
    '3',
    '--',
    'sh',
    '-c',
    'echo "$CACHE $GREENROOM_CACHE_URL"',
  );
  expect(code, stderr).toBe(0);
  const urls = stdout.split('\n').map((line) => line.replace(/^\[\d\] /, '').split(' '));
  expect(urls.map(([own]) => own)).toEqual(urls.map(([, generic]) => generic));
  expect(new Set(urls.flat())).toHaveProperty('size', 3);
  expect(stdout).toMatch(/redis:\/\//);
});

test('copies: a slice that cannot be made is one error, and no copy is started', async () => {
  const config = `import { custom, defineConfig } from 'greenroom';
const parts = custom({
  start: () => ({}),
  slice: 'worker',
  slices: { make: () => { throw new Error('no part left'); }, drop: () => {} },
});
export default defineConfig({ resources: { parts }, linger: 0 });
`;
  await using project = cliProject({ 'greenroom.config.ts': config });
  const { code, stdout, stderr } = await project.greenroom('exec', '--procs', '2', '--', 'echo', 'started');
  expect([code === 0, stdout]).toEqual([false, '']);
  expect(stderr.match(/no part left/g)).toHaveLength(1);
  expect(stderr).toContain('slices.make of the config threw: no part left [FUNCTION_FAILED]');
});

test('--each: a process keeps its slice, and each file gets one of its own', async () => {
  const told = `import { readdirSync, writeFileSync } from 'node:fs';
console.log('before', readdirSync(process.env.UPLOADS).length);
writeFileSync(process.env.UPLOADS + '/left', '');
console.log('has', process.env.UPLOADS, process.env.CACHE);
`;
  await using project = cliProject({
    'greenroom.config.ts': SLICED,
    'specs/1-pass.mjs': told,
    'specs/2-reject.mjs': `${told}throw new Error('left behind');\n`,
    'specs/3-bare.mjs': told,
  });
  const { code, stdout } = await project.greenroom('exec', '--procs', '1', '--each', 'specs/*.mjs');
  expect(code).toBe(1);
  expect(stdout.match(/^before \d+$/gm)).toEqual(['before 0', 'before 0', 'before 0']);
  const seen = [...stdout.matchAll(/^has (\S+) (\S+)$/gm)];
  expect(new Set(seen.map(([, path]) => path))).toHaveProperty('size', 3);
  expect(new Set(seen.map(([, , url]) => url))).toHaveProperty('size', 1);
});
