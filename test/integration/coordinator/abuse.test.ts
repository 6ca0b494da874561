import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { privateDir } from '../../../src/platform/paths.ts';
import type { GenerationFile } from '../../../src/protocol/generation-file.ts';
import { eventually, Project } from '../../support/project.ts';
import { failureOf } from '../../support/failure-of.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
export default defineConfig({ resources: { api }, linger: 0 });`;

/** What a coordinator says to a stranger that writes these bytes, until it closes the connection. */
function sayTo(socket: string, ...chunks: readonly (string | Buffer)[]): Promise<readonly Record<string, any>[]> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const stranger = connect(socket, () => chunks.forEach((chunk) => stranger.write(chunk)));
    stranger.setTimeout(15_000, () => reject(new Error('the coordinator neither answered nor closed')));
    stranger.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    stranger.on('error', () => undefined);
    stranger.on('close', () =>
      resolve(
        heard
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, any>),
      ),
    );
  });
}

test('garbage, oversized lines, a wrong token and silence are each refused with one error; members notice nothing', async () => {
  await using project = new Project(CONFIG);
  const member = await project.join();
  const { endpoints } = await member.ready();
  const { file } = await member.hears('joined');
  const { socket, token } = JSON.parse(readFileSync(file, 'utf8')) as GenerationFile;
  const hello = { type: 'hello', v: 1, token, role: 'observer', pid: 1 };
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

  const cases: readonly [string, readonly (string | Buffer)[], string, RegExp][] = [
    ['no json', ['GET / HTTP/1.1\r\n\r\n'], 'BAD_MESSAGE', /JSON/],
    ['binary', [Buffer.from([0xff, 0xfe, 0x00, 0x0a])], 'BAD_MESSAGE', /JSON/],
    ['not a hello', [line({ type: 'status', id: 1 })], 'BAD_MESSAGE', /type/],
    ['unknown role', [line({ ...hello, role: 'root' })], 'BAD_MESSAGE', /role/],
    ['unknown field', [line({ ...hello, extra: 1 })], 'BAD_MESSAGE', /extra/],
    ['another protocol', [line({ ...hello, v: 99 })], 'BAD_MESSAGE', /protocol 99 instead of 1/],
    ['wrong token', [line({ ...hello, token: 'f'.repeat(64) })], 'WRONG_TOKEN', /token/],
    ['short token', [line({ ...hello, token: '' })], 'WRONG_TOKEN', /token/],
    ['oversized', [Buffer.alloc(1_100_000, 0x61)], 'MESSAGE_TOO_LARGE', /1048576 bytes/],
    ['silence', [], 'BAD_MESSAGE', /no hello within 5000 ms/],
  ];
  const answers = await Promise.all(cases.map(([, chunks]) => sayTo(socket, ...chunks)));
  cases.forEach(([name, , code, message], index) => {
    expect(answers[index], name).toHaveLength(1);
    expect(answers[index]![0], name).toMatchObject({ type: 'refused', failure: { code } });
    expect(answers[index]![0]!['failure'].message, name).toMatch(message);
  });

  const [welcome, bye] = await sayTo(socket, line(hello), line({ type: 'wait', id: 'x' }));
  expect(welcome).toMatchObject({ type: 'welcome' });
  expect(bye).toMatchObject({ type: 'bye', failure: { code: 'BAD_MESSAGE' } });

  member.order('status');
  expect(Object.keys((await member.hears('status')).leases)).toEqual(['L1']);
  expect((await fetch(endpoints.api.url)).status).toBe(200);
  member.kill();
  await project.nothingLeft([endpoints.api.port]);
});

test('stale files: a dead socket, a broken generation file, and a stranger on the recorded pid', async () => {
  await using project = new Project(CONFIG);
  const first = await project.join();
  await first.ready();
  const { file, generation, key, coordinator } = await first.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await first.hears('lost');
  first.kill();
  await eventually(() => (project.running().length === 0 ? true : undefined), 'its services to end');

  // The pids of the dead are somebody else's now: this process's.
  const dead = JSON.parse(readFileSync(file, 'utf8')) as GenerationFile;
  writeFileSync(file, JSON.stringify({ ...dead, pid: process.pid }));
  const ledger = join(project.runtimeDir, key, `ledger-${generation}.ndjson`);
  writeFileSync(
    ledger,
    `${JSON.stringify({ type: 'process', label: 'api', pid: process.pid, start: '1' })}\n{"type":"proc`,
  );
  const second = await project.join();
  await second.ready();
  expect((await second.hears('joined')).generation).toBe(generation + 1);

  const broken = join(project.runtimeDir, key, `gen-${generation + 5}.json`);
  second.kill();
  await project.nothingLeft();
  writeFileSync(broken, '{"v":1,"key":', { mode: 0o600 });
  const third = await project.join();
  await third.ready();
  expect((await third.hears('joined')).generation, 'a number that was claimed is never used again').toBe(
    generation + 6,
  );
  third.kill();
  await project.nothingLeft();
});

test('the runtime directory is refused when it is not ours alone, not a directory, or cannot be written', () => {
  const project = new Project(CONFIG);
  const at = (name: string): string => join(project.dir, name);
  mkdirSync(at('open'), { mode: 0o755 });
  chmodSync(at('open'), 0o755);
  symlinkSync(project.dir, at('link'));
  writeFileSync(at('file'), '');
  mkdirSync(at('foreign'), { mode: 0o700 });
  chownSync(at('foreign'), 65_534, 65_534);
  const refusals = ['open', 'link', 'file', 'foreign'].map((name) => failureOf(() => privateDir(at(name))));
  expect(refusals.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'RUNTIME_DIR_UNSAFE'));
  expect(refusals.map(({ message }) => message.split(': ')[1])).toEqual([
    'others may enter it (mode 755)',
    'it is not a directory',
    'it is not a directory',
    'it belongs to user 65534, not to 0',
  ]);
  expect(refusals[0]!.hint).toContain('GREENROOM_RUNTIME_DIR');
  expect(failureOf(() => privateDir('/proc/greenroom')).code).toBe('RUNTIME_DIR_UNWRITABLE');
  rmSync(join(project.dir, '..'), { recursive: true });
});

test('a runtime directory that makes the socket path too long is refused before anything starts', async () => {
  await using project = new Project(CONFIG);
  const long = join(project.runtimeDir, 'x'.repeat(80));
  const member = project.spawn('runner', { GREENROOM_RUNTIME_DIR: long });
  const failure = await member.hears('failed');
  expect(failure).toMatchObject({
    code: 'SOCKET_PATH_TOO_LONG',
    hint: expect.stringContaining('GREENROOM_RUNTIME_DIR'),
  });
  expect(failure.message).toMatch(/has \d+ bytes; at most 100 are possible$/);
  await member.ends();
  await project.nothingLeft();
});

test('I3: a coordinator that is frozen is neither waited for endlessly nor taken for dead', async () => {
  await using project = new Project(CONFIG);
  const first = await project.join();
  const { endpoints } = await first.ready();
  const { coordinator, generation } = await first.hears('joined');
  process.kill(coordinator.pid, 'SIGSTOP');
  const second = project.spawn('runner');
  const failure = await second.hears('failed');
  expect(failure).toMatchObject({ code: 'COORDINATOR_UNRESPONSIVE' });
  expect(failure.message).toContain(`pid ${coordinator.pid}, generation ${generation}`);
  expect(failure.hint).toContain(`pid ${coordinator.pid} is stopped`);
  process.kill(coordinator.pid, 'SIGCONT');
  const third = await project.join();
  expect((await third.ready()).endpoints, 'the same infrastructure').toEqual(endpoints);
  for (const member of [first, third]) member.kill();
  await project.nothingLeft([endpoints.api.port]);
});
