import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly goal: number | null;
  readonly ok: boolean | null;
}

const SCRIPT = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));

/** Only that every figure is there and is a number: how large it is, is the benchmark's own matter. */
test('the core benchmark measures every goal and ends with one line for programs', async () => {
  const { stdout, all, exitCode } = await execa(process.execPath, [SCRIPT, 'core', '--quick', '--json'], {
    all: true,
    reject: false,
    timeout: 100_000,
  });
  expect(exitCode, all).toBe(0);
  const { bench, rows } = JSON.parse(stdout.split('\n').at(-1) ?? '') as { bench: string; rows: Row[] };
  expect(bench).toBe('core');
  expect(rows.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(rows.filter(({ value, goal, ok }) => ok !== (goal === null ? null : value <= goal))).toEqual([]);
  expect(rows.map(({ name, goal }) => `${name}: ${goal}`)).toMatchInlineSnapshot(`
    [
      "join, warm worker, over bare hello: 1.5",
      "join, warm runner, over bare hello: 1.5",
      "3 cold processes join, over bare hello: null",
      "3 cold processes join, each, p99: null",
      "import of the client in a worker: 5",
      "SIGKILL of a worker to lease released, p50: 10",
      "SIGKILL of a worker to lease released, p99: 50",
      "SIGKILL of the coordinator to last service dead: 50",
      "cold start of a graph, over its critical path: 1.05",
      "cold start of a graph, over one after the other: null",
      "ready in fact to gate open, p50: 10",
      "idle coordinator, CPU: 0.1",
      "idle coordinator, memory: 80",
      "10 leases, memory over none: 50",
    ]
  `);
});

test('an unknown benchmark is a usage error that lists the known ones', async () => {
  const { stderr, exitCode } = await execa(process.execPath, [SCRIPT, 'nonsense'], { reject: false, timeout: 20_000 });
  expect(exitCode).toBe(2);
  expect(stderr).toBe('usage: npm run bench -- core [--json] [--quick]');
});
