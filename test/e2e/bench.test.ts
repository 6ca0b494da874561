import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { hasPodman } from '../support/engine.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly goal: number | null;
  readonly ok: boolean | null;
}

const SCRIPT = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));

/** Only that every figure is there and is a number: how large it is, is the benchmark's own matter. */
async function rowsOf(name: string): Promise<readonly string[]> {
  const { stdout, all, exitCode } = await execa(process.execPath, [SCRIPT, name, '--quick', '--json'], {
    all: true,
    reject: false,
    timeout: 100_000,
  });
  expect(exitCode, all).toBe(0);
  const { bench, rows } = JSON.parse(stdout.split('\n').at(-1) ?? '') as { bench: string; rows: Row[] };
  expect(bench).toBe(name);
  expect(rows.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(rows.filter(({ value, goal, ok }) => ok !== (goal === null ? null : value <= goal))).toEqual([]);
  return rows.map((row) => `${row.name}: ${row.goal}`);
}

test('the core benchmark measures every goal and ends with one line for programs', async () => {
  expect(await rowsOf('core')).toMatchInlineSnapshot(`
    [
      "join, warm worker, over bare hello: 1.5",
      "join, warm runner, over bare hello: 1.5",
      "3 cold processes join, over bare hello: null",
      "3 cold processes join, each, p99: null",
      "import of the client in a worker: 5",
      "import of a Vitest worker's side: 5",
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

test('the Vitest benchmark measures whole suites with and without Greenroom', async () => {
  expect(await rowsOf('vitest')).toMatchInlineSnapshot(`
    [
      "a warm suite, over the same with hand-set env, 1 worker: 1.03",
      "a warm suite, over the same with hand-set env, 4 workers: 1.03",
      "parallel speed-up lost, 4 workers over 1: 5",
      "wall of 4 Vitest processes that share, over a global setup each: 0.333",
      "memory of their services, over the same: 0.25",
    ]
  `);
});

test('the slices benchmark measures what parts of one’s own cost', async () => {
  expect(await rowsOf('slices')).toMatchInlineSnapshot(`
    [
      "cold start to 12 isolated workers without cache, over the same by hand: 1.5",
      "cold start without cache, over a migration for each worker: null",
      "cold start to 12 isolated workers with a cached template, over the same by hand: 1.5",
      "cold start with a cached template, over a migration for each worker: null",
      "a database of 50 tables for a spec, wait, p50: 1",
      "a database of 50 tables for a spec, wait, p95: 12",
      "the same, over a bare hello between two processes at that time: 1.5",
      "the same, over a clone on demand by hand: null",
      "a fresh one for each of 12 that ask all the time: 25",
      "the same, over clones by hand: 1.5",
      "the same, over a migration each: null",
      "12 Redis servers ready, over the same by hand: 1.5",
      "one more Redis server, from the spares: null",
    ]
  `);
});

test('the benchmark of the mock LLM measures what it holds', async () => {
  expect(await rowsOf('llm')).toMatchInlineSnapshot(`
    [
      "time of a completion, over an answer of bare node:http: 1.43",
      "the same as a stream: null",
      "memory over 100 requests more: 20",
      "12 workers with 2 scripted streams each, not their own: 0",
    ]
  `);
});

test('the gateway benchmark measures what it adds', async () => {
  expect(await rowsOf('gateway')).toMatchInlineSnapshot(`
    [
      "latency that the gateway adds, p50: null",
      "latency that the gateway adds, p99: null",
      "time for a request through the gateway, 12 at once, over a direct one: null",
    ]
  `);
});

test.skipIf(!hasPodman())('the benchmark of containers measures builds and starts', async () => {
  expect(await rowsOf('containers')).toMatchInlineSnapshot(`
    [
      "cold builds that wait: of what could overlap, not overlapped: 15",
      "three containers, warm, over their critical path: 1.1",
      "a container listens to a waiting member knows it, p50: 50",
    ]
  `);
});

test('an unknown benchmark is a usage error that lists the known ones', async () => {
  const { stderr, exitCode } = await execa(process.execPath, [SCRIPT, 'nonsense'], { reject: false, timeout: 20_000 });
  expect(exitCode).toBe(2);
  expect(stderr).toBe('usage: npm run bench -- containers | core | gateway | llm | slices | vitest [--json] [--quick]');
});
