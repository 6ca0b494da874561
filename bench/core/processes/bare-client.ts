/** Says hello on a bare unix socket, once, and how long that took. */
import { hello } from '../hello.ts';

const before = performance.now();
await hello(process.argv[2] ?? '');
console.log(JSON.stringify({ ms: performance.now() - before }));
