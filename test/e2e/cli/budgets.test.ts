import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

const CONFIG = `
import { command, defineConfig, http } from 'greenroom';
const store = command({ run: ['node', 'server.mjs', 'store'], ready: http('/health') });
const slow = command({ run: ['node', 'slow.mjs'], needs: { store }, ready: http('/health') });
export default defineConfig({ resources: { store, slow }, budgets: { start: 6_000, specs: 400, teardown: 500 }, linger: 0 });
`;
/** Listens only when there is a file `go`. */
const SLOW = `
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
while (!existsSync('go')) await new Promise((look) => setTimeout(look, 20));
createServer((_, response) => response.end('"slow"')).listen(Number(process.env.PORT), '127.0.0.1');
`;
/** A command that ends when there is a file `end`. */
const COMMAND = `
const { existsSync } = await import('node:fs');
while (!existsSync('end')) await new Promise((look) => setTimeout(look, 20));
process.exit(3);
`;

test('a budget warns before its end, tells at its end what it is spent on, and ends nothing', async () => {
  await using project = cliProject({ 'greenroom.config.ts': CONFIG, 'slow.mjs': SLOW });
  const begun = project.start('run', '--', 'node', '-e', COMMAND);
  await begun.errorLine('the budget of 6.0s for start is spent');
  project.write('go', '');
  await begun.errorLine('the budget of 0.4s for specs is spent');
  project.write('end', '');
  const first = await begun.result;
  expect(first.code).toBe(3);
  expect(first.stderr).toMatch(/^greenroom: \d\.\ds of the 6\.0s for start are spent$/m);
  expect(first.stderr).toMatch(
    /^greenroom: the budget of 6\.0s for start is spent\n {2}· slow is starting for \d\.\ds: \S.*$/m,
  );
  expect(first.stderr).toContain('greenroom: the budget of 0.4s for specs is spent');
  // By now it is known how long it takes, which is more than this: the forecast says so long before.
  project.write('greenroom.config.ts', CONFIG.replace('start: 6_000', 'start: 3_000'));
  rmSync(join(project.dir, 'go'));
  const again = project.start('run', '--', 'true');
  await again.errorLine('for start are spent; over in');
  project.write('go', '');
  const second = await again.result;
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(
    /for start are spent; over in \d\.\ds, if it goes as usual\n[^]*slow is \w+.*, usually \d\.\ds/,
  );
});

test('status says where the time went', async () => {
  await using project = cliProject({ 'greenroom.config.ts': CONFIG, 'slow.mjs': SLOW, go: '' });
  await project.greenroom('up');
  const { stdout } = await project.greenroom('status');
  expect(stdout).toMatch(/^time: start \d\.\ds of 6\.0s/m);
  expect(stdout).toMatch(/^critical path of the start: store \d\.\ds → slow \d\.\ds$/m);
  expect(stdout).toMatch(/^members waited for: (slow|store) \d\.\ds · (slow|store) \d\.\ds$/m);
  const [one] = JSON.parse((await project.greenroom('status', '--json')).stdout) as [
    { times: { path: string[]; phases: object }; budgets: object },
  ];
  expect(one.times.path).toEqual(['store', 'slow']);
  expect(one.times.phases).toMatchObject({ start: expect.any(Number), specs: expect.any(Number) });
  expect(one.budgets).toEqual({ start: 6_000, specs: 400, teardown: 500 });
  await project.greenroom('down');
});

/** Ends only when there is a file `end`. */
const STAYS = `
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
process.on('SIGTERM', async () => {
  while (!existsSync('end')) await new Promise((look) => setTimeout(look, 20));
  process.exit(0);
});
createServer((_, response) => response.end('"slow"')).listen(Number(process.env.PORT), '127.0.0.1');
`;

test('who stops it is told what a teardown is spent on, and the next run, if nobody was there', async () => {
  await using project = cliProject({ 'greenroom.config.ts': CONFIG, 'slow.mjs': STAYS });
  await project.greenroom('up');
  const down = project.start('down');
  await down.errorLine('the budget of 0.5s for teardown is spent');
  project.write('end', '');
  expect((await down.result).stderr).toMatch(
    /^greenroom: the budget of 0\.5s for teardown is spent\n {2}· stops: slow for \d\.\ds$/m,
  );
  const { stderr, code } = await project.greenroom('run', '--', 'true');
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^greenroom: the last teardown took \d\.\ds of the 0\.5s for it: slow \d\.\ds · store \d\.\ds$/m,
  );
});
