/** Says how many milliseconds the first import of a module takes in a fresh process. */
const before = performance.now();
await import(process.argv[2] ?? '');
console.log(performance.now() - before);
