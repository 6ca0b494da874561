/** Joins as a worker, says how long that took, and stays until it is killed or its parent is gone. */
import { builtUrl } from '../../built-url.ts';

const { connectWorker } = (await import(builtUrl('client/index'))) as typeof import('../../../src/client/index.ts');
const before = performance.now();
const session = await connectWorker(process.argv[2] ?? '', { run: 'bench', timeout: 60_000 });
console.log(JSON.stringify({ ms: performance.now() - before, lease: session.welcome.lease }));
process.stdin.on('end', () => process.exit()).resume();
