import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

const PRINT_ENV =
  'const { API_URL, GREENROOM_STORE_PORT, MOTTO } = process.env; console.log(JSON.stringify({ API_URL, GREENROOM_STORE_PORT, MOTTO }))';

test('a command sees the endpoints and the mapping of the config; the infrastructure is started once and ends after it', async () => {
  await using project = cliProject();
  const { code, stdout, stderr } = await project.greenroom('run', '--', 'node', '-e', PRINT_ENV);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    API_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    GREENROOM_STORE_PORT: expect.stringMatching(/^\d+$/),
    MOTTO: `it's "quoted" $HOME\nsecond line`,
  });
  const lines = stderr
    .replaceAll(/run [0-9a-f]{8}/g, 'run ID')
    .replaceAll(/\d+\.\ds/g, 'N.Ns')
    .replaceAll(/(pid|:)\s?\d+/g, '$1 N');
  expect(`\n${lines}\n`).toMatchInlineSnapshot(`
    "
    greenroom: run ID · coordinator pid N (started by this run)
    [  N.Ns] store            starting
    [  N.Ns] store            ready      N.Ns 127.0.0.1: N
    [  N.Ns] api              starting
    [  N.Ns] api              ready      N.Ns 127.0.0.1: N
    [  N.Ns] gate synced      probing
    [  N.Ns] gate synced      open       generation 1
    greenroom: infrastructure started once · 2 resources (store N.Ns, api N.Ns) · 1 lease at the peak
    "
  `);
});

test("the command's exit code is ours, and its flags are its own", async () => {
  await using project = cliProject();
  const failed = await project.greenroom(
    'run',
    '--needs',
    'store',
    'sh',
    '-c',
    'echo "$0 $*"; exit 3',
    '--keep',
    '--help',
  );
  expect([failed.code, failed.stdout]).toEqual([3, '--keep --help']);
  const killed = await project.greenroom('run', '--needs=store', '--', 'sh', '-c', 'kill -KILL $$');
  expect(killed.code).toBe(137);
});

test('a command that cannot be started: 127 and 126, as in a shell', async () => {
  await using project = cliProject();
  const missing = await project.greenroom('run', '--needs', 'store', '--', 'no-such-program');
  expect([missing.code, missing.stderr]).toEqual([
    127,
    expect.stringContaining('greenroom: no-such-program: command not found'),
  ]);
  writeFileSync(join(project.dir, 'tool'), '');
  chmodSync(join(project.dir, 'tool'), 0o644);
  const forbidden = await project.greenroom('run', '--needs', 'store', '--', './tool');
  expect([forbidden.code, forbidden.stderr]).toEqual([
    126,
    expect.stringContaining('greenroom: ./tool: permission denied'),
  ]);
});

test('--needs starts only what is needed', async () => {
  await using project = cliProject();
  expect(await project.greenroom('run', '--needs', 'store', 'true')).toMatchObject({ code: 0 });
  const [events = []] = project.generations();
  expect(events.filter(({ kind }) => kind === 'ready')).toMatchObject([{ resource: 'store' }]);
});

test('mistakes on the command line start nothing', async () => {
  await using project = cliProject();
  const told = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await project.greenroom(...args);
    return `${code} ${stdout}${stderr}`.replaceAll(project.dir, '/project');
  };
  expect([
    await told('runn', 'true'),
    await told('run'),
    await told('run', '--kep', 'true'),
    await told('run', '--keep=never', 'true'),
    await told('run', '--needs', 'stor', 'true'),
    await told('run', '--infra-exit-code', '300', 'true'),
    await told('run', '--progress', 'fancy', 'true'),
    await told('exec', 'true'),
    await told('exec', '--procs', '2'),
    await told('exec', '--procs', '2', '--each', 'none/*.mjs'),
    await told('status', '--json', '--watch'),
    await told('logs'),
    await told('logs', 'store', 'api'),
    await told('wait'),
    await told('env'),
  ]).toMatchInlineSnapshot(`
    [
      "2 error: unknown command \`runn\`; did you mean \`run\`? [USAGE]
      hint:  see \`greenroom --help\`",
      "2 error: \`greenroom run\` needs a COMMAND [USAGE]
      hint:  for example \`greenroom run -- npx vitest run\`",
      "2 error: unknown flag \`--kep\`; did you mean \`--keep\`? [USAGE]
      hint:  see \`greenroom run --help\`",
      "2 error: unknown value for --keep: \`never\` [USAGE]
      hint:  --keep takes one of always, on-failure",
      "2 error: there is no resource \`stor\`; did you mean \`store\`? [UNKNOWN_RESOURCE]
      hint:  the config has store, api",
      "2 error: --infra-exit-code takes a whole number from 1 to 255, got "300" [USAGE]
      hint:  see \`greenroom --help\`",
      "2 error: unknown value for --progress: \`fancy\` [USAGE]
      hint:  --progress takes one of auto, tty, plain, json, quiet",
      "2 error: \`greenroom exec\` needs --procs N [USAGE]
      hint:  for example \`greenroom exec --procs 4 -- node --test\`",
      "2 error: \`greenroom exec\` takes either a COMMAND or --each GLOB [USAGE]
      hint:  for example \`greenroom exec --procs 4 -- node --test\`",
      "2 error: no file matches none/*.mjs [USAGE]
      hint:  quote the pattern, so that the shell leaves it alone",
      "2 error: --json and --watch exclude each other [USAGE]
      hint:  see \`greenroom --help\`",
      "2 error: missing required args for command \`logs <resource>\` [USAGE]
      hint:  see \`greenroom --help\`",
      "2 error: Unused args: \`api\` [USAGE]
      hint:  see \`greenroom --help\`",
      "2 error: missing required args for command \`wait <gate>\` [USAGE]
      hint:  see \`greenroom --help\`",
      "2 error: no infrastructure is up for /project [NOTHING_RUNNING]
      hint:  \`greenroom up\` starts it",
    ]
  `);
  expect(project.generations()).toEqual([]);
});

test('a start failure is told once, with its cause and the last log lines', async () => {
  await using project = cliProject({ 'server.mjs': 'console.log("no licence found");\nprocess.exit(4);\n' });
  const { code, stderr } = await project.greenroom('run', '--', 'node', '-e', 'console.log("ran")');
  expect(code).toBe(11);
  expect(stderr).toContain('[RESOURCE_EXITED]');
  expect(stderr.split('no licence found')).toHaveLength(2);
  const other = await project.greenroom('run', '--infra-exit-code', '75', '--', 'true');
  expect(other.code).toBe(75);
});

test('a second run joins the first, and says so', async () => {
  await using project = cliProject();
  const first = project.start('run', '--', 'node', 'signals.mjs', '1');
  await first.line('ready');
  const second = await project.greenroom('run', '--', 'true');
  expect(second).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/coordinator pid \d+ \(joined; started \d+\.\ds ago, 1 other lease\)/),
  });
  first.kill('SIGTERM');
  expect(await first.result).toMatchObject({ code: 41, stderr: expect.stringContaining('2 leases at the peak') });
  expect(project.generations()).toHaveLength(1);
});

test('a resource that is lost in mid-run is told, and changes no exit code unless asked', async () => {
  await using project = cliProject();
  const script = (code: number): string =>
    `await fetch(process.env.STORE_URL + '/exit').catch(() => {}); const { pid } = process; setTimeout(() => process.exit(${code}), 500)`;
  const kept = await project.greenroom('run', '--', 'node', '-e', script(3));
  expect(kept).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/\d\d:\d\d:\d\d store is lost: /),
  });
  const overridden = await project.greenroom('run', '--infra-exit-code', '75', '--', 'node', '-e', script(3));
  expect(overridden.code).toBe(75);
  const passed = await project.greenroom('run', '--infra-exit-code', '75', '--', 'node', '-e', script(0));
  expect(passed.code).toBe(0);
});

test('--keep leaves it up, --keep=on-failure only when the command failed', async () => {
  await using project = cliProject();
  expect(await project.greenroom('run', '--keep=on-failure', '--', 'true')).toMatchObject({ code: 0 });
  expect(await project.greenroom('run', '--keep=on-failure', '--', 'false')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the infrastructure stays up'),
  });
  const joined = await project.greenroom('run', '--keep', '--', 'true');
  expect(joined.stderr).toContain('(joined; ');
  expect(await project.greenroom('down')).toMatchObject({ code: 0 });
  expect(project.generations()).toHaveLength(2);
});
