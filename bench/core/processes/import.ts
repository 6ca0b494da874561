/** Says how many milliseconds the first import of a module takes in a process that is as far as a forked Vitest worker. */
import 'node:fs';
import 'node:net';
import 'node:path';

const before = performance.now();
await import(process.argv[2] ?? '');
console.log(performance.now() - before);
