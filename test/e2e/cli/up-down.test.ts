import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { cliProject, type CliProject } from '../../support/cli-project.ts';

/** Numbers that differ from run to run. */
function settled(text: string): string {
  return text
    .replaceAll(/\d+\.\ds\s*/g, 'N.Ns ')
    .replaceAll(/:\d{4,5}/g, ':PORT')
    .replaceAll(/pid \d+/g, 'pid N')
    .replaceAll(/ +$/gm, '')
    .replaceAll(/[0-9a-f]{16}/g, 'KEY')
    .replaceAll(/\/\S*\/project/g, '/project');
}

async function storeUrl(project: CliProject): Promise<string> {
  const { stdout } = await project.greenroom('env', '--json');
  return (JSON.parse(stdout) as { STORE_URL: string }).STORE_URL;
}

test('up, status, env, down', async () => {
  await using project = cliProject();
  const up = await project.greenroom('up');
  expect(up.code, up.stderr).toBe(0);
  expect(settled(up.stdout)).toMatchInlineSnapshot(`
    "store  http://127.0.0.1:PORT
    api    http://127.0.0.1:PORT"
  `);

  const status = await project.greenroom('status');
  // Where the time went is another test's.
  expect(settled(status.stdout.replace(/\n\ntime: [^]*/, ''))).toMatchInlineSnapshot(`
    "coordinator pid N · open · healthy · up N.Ns · generation 1 of KEY · /project/greenroom.config.ts · held until \`greenroom down\`

    RESOURCE  STATE  FOR   STARTS  DETAIL
    store     ready  N.Ns 1       127.0.0.1:PORT
    api       ready  N.Ns 1       127.0.0.1:PORT

    GATE    STATE   WAITING  DETAIL
    synced  closed  0        not probed: nobody waits for it

    no leases"
  `);
  const [picture] = JSON.parse((await project.greenroom('status', '--json')).stdout) as Record<string, unknown>[];
  expect(picture).toMatchObject({
    generation: 1,
    state: { hold: true, phase: 'open', resources: { api: { state: 'ready' } } },
  });
  expect(picture).not.toHaveProperty('token');

  const json = JSON.parse((await project.greenroom('env', '--json')).stdout) as Record<string, string>;
  expect(json).toMatchObject({ MOTTO: `it's "quoted" $HOME\nsecond line`, GREENROOM_API_URL: json['API_URL'] });
  expect(parseEnv((await project.greenroom('env', '--dotenv')).stdout)).toEqual(json);
  const { stdout: script } = await project.greenroom('env', '--export');
  expect(execFileSync('sh', ['-c', `${script}; printf %s "$MOTTO"`], { encoding: 'utf8' })).toBe(json['MOTTO']);
  expect((await project.greenroom('env')).stdout).toContain(`API_URL=${json['API_URL']}\n`);

  const down = await project.greenroom('down');
  expect([down.code, settled(down.stdout)]).toEqual([0, 'stopped generation 1 of KEY in N.Ns']);
  expect(await project.greenroom('down')).toMatchObject({ code: 0, stdout: `nothing is running for ${project.dir}` });
  expect(await project.greenroom('status')).toMatchObject({ code: 0, stdout: `nothing is running for ${project.dir}` });
  expect(await project.greenroom('env')).toMatchObject({ code: 2 });
});

test('down stops all generations of the project, also when the config is broken by now', async () => {
  await using project = cliProject();
  const separate = (key: string): string =>
    `import { command, defineConfig, http } from 'greenroom';
const store = command({ run: ['node', 'server.mjs', 'store'], ready: http('/health') });
export default defineConfig({ resources: { store }, key: '${key}' });
`;
  for (const key of ['one', 'two']) {
    project.write('greenroom.config.ts', separate(key));
    expect(await project.greenroom('up')).toMatchObject({ code: 0 });
  }
  project.write('greenroom.config.ts', 'export default {{{');
  expect((await project.greenroom('status')).stdout.match(/^coordinator pid/gm)).toHaveLength(2);
  const { code, stdout } = await project.greenroom('down');
  expect(code).toBe(0);
  expect(stdout.match(/^stopped generation/gm)).toHaveLength(2);
});

test('wait: until the gate is open, from which generation on, and why it is not', async () => {
  await using project = cliProject();
  await project.greenroom('up');
  const late = await project.greenroom('wait', 'synced', '--at-least', '2', '--timeout', '100');
  expect(late.code).toBe(12);
  expect(late.stderr).toContain('gate synced did not open within 100 ms: it is at generation 1, not yet at 2');
  const url = await storeUrl(project);
  const waiting = project.greenroom('wait', 'synced', '--at-least', '3');
  await fetch(`${url}/generation`, { method: 'POST' });
  await fetch(`${url}/generation`, { method: 'POST' });
  expect(await waiting).toMatchObject({ code: 0, stdout: 'gate synced is open' });
  expect(await project.greenroom('wait', 'sinced')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/did you mean `synced`\? \[UNKNOWN_GATE\]/),
  });
  expect(await project.greenroom('wait', 'api')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`greenroom up --needs api` waits until it is ready'),
  });
  await project.greenroom('down');
});

test('logs: of what is up, followed to its end, and of what was', async () => {
  await using project = cliProject();
  await project.greenroom('up');
  expect(await project.greenroom('logs', 'store')).toMatchObject({ code: 0, stdout: 'store is listening' });
  const followed = project.start('logs', 'api', '-f');
  expect(await followed.line('listening')).toBe('api is listening');
  await project.greenroom('down');
  expect(await followed.result).toMatchObject({ code: 0, stdout: 'api is listening' });
  expect(await project.greenroom('logs', 'store')).toMatchObject({ code: 0, stdout: 'store is listening' });
  expect(await project.greenroom('logs', 'stor')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean `store`?'),
  });
  await project.greenroom('run', '--needs', 'store', '--', 'true');
  expect(await project.greenroom('logs', 'api')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a resource that was not started has none'),
  });
});

test('down twice at once: both wait until it is stopped', async () => {
  await using project = cliProject();
  await project.greenroom('up');
  const both = await Promise.all([project.greenroom('down'), project.greenroom('down')]);
  expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
});

test('a reader that has had enough ends the printing without a word', async () => {
  await using project = cliProject();
  await project.greenroom('run', '--', 'true');
  const [logs] = readdirSync(join(project.dir, '.greenroom', 'generations'));
  project.write(`.greenroom/generations/${logs}/store.log`, 'a line of the log\n'.repeat(200_000));
  const pipe = 'node node_modules/greenroom/dist/src/cli/main.js logs store | head -n 1';
  const { stdout, stderr } = spawnSync('sh', ['-c', pipe], { cwd: project.dir, env: project.env, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['a line of the log\n', '']);
});

test('up --retry starts again what has failed, for those who are still there', async () => {
  await using project = cliProject({
    'server.mjs': `import { existsSync } from 'node:fs';
if (process.argv[2] === 'api' && !existsSync('fixed')) process.exit(4);
const { createServer } = await import('node:http');
createServer((_, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1');
`,
  });
  const user = project.start('run', '--needs', 'store', '--', 'node', 'signals.mjs', '1');
  await user.line('ready');
  expect(await project.greenroom('up')).toMatchObject({ code: 11 });
  project.write('fixed', '');
  const again = await project.greenroom('up');
  expect(again).toMatchObject({ code: 11, stderr: expect.stringContaining('RESOURCE_EXITED') });
  expect(again.stderr).toMatch(/api failed \d+\.\ds before this run; `greenroom up --retry` starts it again$/);
  expect(await project.greenroom('up', '--retry')).toMatchObject({ code: 0 });
  user.kill('SIGTERM');
  await user.result;
  expect(await project.greenroom('down')).toMatchObject({ code: 0 });
  expect(project.generations()).toHaveLength(1);
});

test('a command that runs under `run` speaks of its own generation', async () => {
  await using project = cliProject();
  const nested = await project.greenroom(
    'run',
    '--',
    'node',
    'node_modules/greenroom/dist/src/cli/main.js',
    'env',
    '--json',
  );
  expect(nested.code, nested.stderr).toBe(0);
  expect(JSON.parse(nested.stdout)).toHaveProperty('API_URL');
});

test('a GREENROOM_FILE that somebody exported once does not hide what is up now', async () => {
  await using project = cliProject();
  await project.greenroom('up');
  const { GREENROOM_FILE } = JSON.parse((await project.greenroom('env', '--json')).stdout) as Record<string, string>;
  await project.greenroom('down');
  await project.greenroom('up');
  const { code, stdout } = await project.startWith({ GREENROOM_FILE: GREENROOM_FILE! }, 'env', '--json').result;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ GREENROOM_FILE: expect.stringContaining('gen-2.json') });
  await using elsewhere = cliProject();
  expect(await elsewhere.startWith({ GREENROOM_FILE: GREENROOM_FILE! }, 'env').result).toMatchObject({ code: 2 });
  await project.greenroom('down');
});
