/**
 * The process behind `greenroom exec --each`: hands files to a pool of processes, one at a time each, and tells how
 * each ended. Arguments: number of processes, pattern.
 */
import { Tinypool } from 'tinypool';
import { matchingFiles } from '../src/cli/each.ts';
import { exitCodeOfSignal, FILES_FAILED, OK } from '../src/cli/exit-codes.ts';
import { placeOfSyntaxError } from '../src/config/import-failure.ts';
import { entry } from '../src/platform/entry.ts';
import type { FileResult } from './each-task.ts';

const [procs, pattern = ''] = process.argv.slice(2);
const files = await matchingFiles(pattern);
const size = Math.min(Number(procs), files.length);

// Without `env` the processes would get none; without `minThreads` they would end when they are idle for a moment.
const env = process.env as Record<string, string>;
const pool = new Tinypool({
  filename: entry('each-task'),
  name: 'runFile',
  runtime: 'child_process',
  minThreads: size,
  maxThreads: size,
  env,
});
// A process died that had no file. tinypool replaces it only if it had got as far as asking for one.
pool.on('error', () => void pool.recycleWorkers());

let interruptedBy: NodeJS.Signals | undefined;
const parent = process.ppid;
const LOOK_EVERY_MS = 20;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interruptedBy = signal;
    // The command line sends a signal to the whole group, and sees to what does not end: a process that has a file may
    // tidy up. The death of the command line is told to this process alone, and nobody else is left to see to it. It
    // can be told by the end of a pipe, which comes before another process has become our parent.
    setInterval(() => process.ppid !== parent && void pool.destroy(), LOOK_EVERY_MS).unref();
  });
}

let passed = 0;
let failed = 0;
const queue = files.values();

async function lane(): Promise<void> {
  for (const file of queue) {
    if (interruptedBy !== undefined) return;
    try {
      const { slot } = (await pool.run(file)) as FileResult;
      passed += 1;
      process.stdout.write(`pass ${file} (slot ${slot})\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`FAIL ${file}\n${indented(await textOf(error, file))}\n`);
    }
  }
}

/** An error has crossed a process boundary: it is a plain object, or what was thrown as text. */
async function textOf(error: unknown, file: string): Promise<string> {
  const { name, message, stack } = error as { name?: string; message?: string; stack?: string };
  if (message === 'Worker exited unexpectedly')
    return 'its process ended before the file did: it was killed, crashed, or called process.exit';
  const text = ownFrames(stack ?? message ?? String(error));
  const place = name === 'SyntaxError' && !text.includes('\n') ? await placeOfSyntaxError(file) : undefined;
  return place === undefined ? text : `${text}\n    at ${place}`;
}

/** Without the frames of Node's loader, and of the machinery that imported the file. */
function ownFrames(stack: string): string {
  const lines = stack.split('\n');
  const first = lines.findIndex((line) => /^ +at .*(node:internal|importAndRun)/.test(line));
  return (first === -1 ? lines : lines.slice(0, first)).join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

await Promise.all(Array.from({ length: size }, lane));
await pool.destroy();
const notRun = files.length - passed - failed;
const rest = notRun === 0 ? '' : `, ${notRun} not run`;
process.stdout.write(`${files.length} files: ${passed} passed, ${failed} failed${rest}\n`);
process.exit(interruptedBy === undefined ? (failed === 0 ? OK : FILES_FAILED) : exitCodeOfSignal(interruptedBy));
