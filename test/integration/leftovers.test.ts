import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasPodman, podman } from '../support/engine.ts';
import { baseImage } from '../support/images.ts';
import { expectNothingLeft, type Scope } from '../support/leftovers.ts';

let scope: Scope;

beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'greenroom-test-'));
  scope = { runtimeDir: join(base, 'run'), projectDir: join(base, 'project'), within: 200 };
  mkdirSync(join(scope.runtimeDir, 'key'), { recursive: true });
  mkdirSync(scope.projectDir);
});

afterEach(() => rmSync(join(scope.runtimeDir, '..'), { recursive: true }));

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('an empty scope and the tombstone of a stopped generation are nothing', async () => {
  writeFileSync(join(scope.runtimeDir, 'key/gen-1.json'), JSON.stringify({ stopped: { reason: 'linger' } }));

  await expectNothingLeft(scope);
});

test.skipIf(process.platform !== 'linux')('a process is found by environment, command line and directory', async () => {
  const idle = 'setInterval(() => undefined, 1000)';
  const byEnvironment = spawn(process.execPath, ['-e', idle], { env: { GREENROOM_RUNTIME_DIR: scope.runtimeDir } });
  const byCommandLine = spawn(process.execPath, ['-e', idle, scope.projectDir]);
  const byDirectory = spawn(process.execPath, ['-e', idle], { cwd: scope.projectDir });

  await expect(expectNothingLeft(scope)).rejects.toThrow(`process ${byEnvironment.pid} (environment)`);
  await expect(expectNothingLeft(scope)).rejects.toThrow(`process ${byCommandLine.pid} (command line)`);
  await expect(expectNothingLeft(scope)).rejects.toThrow(`process ${byDirectory.pid} (working directory)`);

  await Promise.all([byEnvironment, byCommandLine, byDirectory].map(end));
  await expectNothingLeft(scope);
});

test('a known process, a listening port and a stray file are found', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(scope.runtimeDir, 'key/gen-1.json'), '{}');
  const full = { ...scope, pids: [process.pid], ports: [port] };

  await expect(expectNothingLeft(full)).rejects.toThrow(`process ${process.pid} (known)`);
  await expect(expectNothingLeft(full)).rejects.toThrow(`port ${port}`);
  await expect(expectNothingLeft(full)).rejects.toThrow('file key/gen-1.json');

  server.close();
});

test('what goes within the deadline is waited for', async () => {
  const child = spawn(process.execPath, ['-e', '', scope.projectDir], { stdio: 'ignore' });

  await expectNothingLeft({ ...scope, pids: [child.pid ?? 0], within: 10_000 });
});

test.skipIf(!hasPodman())('containers in any state, networks and volumes are found by the key', async () => {
  const key = `t${randomBytes(5).toString('hex')}`;
  const label = ['--label', `greenroom.key=${key}`];
  mkdirSync(join(scope.runtimeDir, key));
  try {
    await podman('create', '--pull=never', '--name', `${key}-c`, ...label, await baseImage(), 'true');
    await podman('network', 'create', ...label, `${key}-n`);
    await podman('volume', 'create', ...label, `${key}-v`);

    const left = expectNothingLeft({ ...scope, containers: true });
    for (const what of [`container ${key}-c (Created)`, `network ${key}-n`, `volume ${key}-v`]) {
      await expect(left).rejects.toThrow(what);
    }
    // Nobody asked about containers.
    await expectNothingLeft(scope);
  } finally {
    await podman('rm', '--force', `${key}-c`);
    await podman('network', 'rm', '--force', `${key}-n`);
    await podman('volume', 'rm', '--force', `${key}-v`);
  }
  await expectNothingLeft({ ...scope, containers: true });
});
