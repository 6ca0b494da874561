import { expect, test } from 'vitest';
import { type RunResult, vitestProject } from '../../support/vitest-project.ts';

const config = (resource: string, gate: string): string => `
  import { command, defineConfig, gate, http } from 'greenroom';
  const api = command(${resource});
  export default defineConfig({ resources: { api }, gates: { cache: gate(${gate}) }, linger: 0 });
`;
const GATE = "{ needs: { api }, probe: http('api', '/synced', ({ synced }) => synced) }";
const HEALTHY = "{ run: ['node', 'server.mjs', '300'], ready: http('/health') }";

function expectEachFileToFailWith(result: RunResult, exitCode: number, message: string): void {
  expect(result.exitCode).toBe(exitCode);
  expect(
    result.files.map((file) => file.status),
    result.output,
  ).toEqual(['failed', 'failed', 'failed']);
  for (const file of result.files) {
    expect(file.message).toContain(message);
    expect(new Set(file.assertionResults.map((spec) => spec.status))).toEqual(new Set(['skipped']));
  }
}

test('a resource that does not start is what each file is reported with', async () => {
  const exits = `{ run: ['node', '-e', 'console.error("no licence"); process.exit(3)'], ready: http('/health') }`;
  await using project = vitestProject({ 'greenroom.config.ts': config(exits, GATE) });
  const result = await project.vitest('run');
  expectEachFileToFailWith(result, 11, 'api exited with code 3 before it was ready [RESOURCE_EXITED]');
  expect(result.output).toContain('RESOURCE_EXITED');
  expect(result.output).toContain('no licence');
});

test('a config that is wrong is what each file is reported with', async () => {
  await using project = vitestProject({ 'greenroom.config.ts': config("{ run: 'node server.mjs' }", GATE) });
  const result = await project.vitest('run');
  expectEachFileToFailWith(result, 2, 'resources.api.run');
  expect(result.output).toContain('CONFIG_INVALID');
  expect(project.generations()).toEqual([]);
});

test('a gate that does not open by its deadline is what each file is reported with', async () => {
  const never = "{ needs: { api }, timeout: 400, probe: http('api', '/synced', () => false) }";
  await using project = vitestProject({ 'greenroom.config.ts': config(HEALTHY, never) });
  const result = await project.vitest('run');
  expectEachFileToFailWith(result, 12, 'gate cache did not open within 400 ms');
  expect(result.output).toContain('GATE_TIMEOUT');
});

test('a coordinator that is killed fails the file that it was serving', async () => {
  const kills = `
    import { readFileSync } from 'node:fs';
    import { expect, test } from 'vitest';
    test('goes on until its service is gone', async () => {
      process.kill(JSON.parse(readFileSync(process.env.GREENROOM_FILE, 'utf8')).pid, 'SIGKILL');
      await expect.poll(() => fetch(process.env.GREENROOM_API_URL).catch(() => 'gone'), { timeout: 20_000 }).toBe('gone');
    });
  `;
  await using project = vitestProject({ 'specs/kills.test.ts': kills });
  const { exitCode, files, output } = await project.vitest('run', 'specs/kills.test.ts');
  expect(exitCode).toBe(13);
  expect(files.map((file) => file.message)).toEqual([expect.stringMatching(/the coordinator .* is gone/)]);
  expect(output).toContain('COORDINATOR_LOST');
  // What a killed coordinator could not remove itself, the next one does.
  expect((await project.vitest('run', 'specs/gate.test.ts')).exitCode).toBe(0);
});
