/**
 * Makes one file of what every Vitest worker loads before its first spec, in place: as some thirty modules it takes six
 * times as long. Nothing is lost by being loaded twice, because what a worker keeps is kept on `process`.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const file = fileURLToPath(new URL('../dist/src/vitest/worker/index.js', import.meta.url));

await build({ input: file, platform: 'node', output: { file } });
