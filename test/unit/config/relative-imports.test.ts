import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { withRelativeImports } from '../../../src/config/relative-imports.ts';
import { directoryWith } from './directory.ts';

/** Names of the files that belong to `config.ts` when it has these contents and stands beside these files. */
function filesOf(config: string, others: Readonly<Record<string, string>> = {}): string[] {
  const root = directoryWith({ 'project/config.ts': config, ...others });
  const found = withRelativeImports(`${root}/project/config.ts`);
  return [...found.keys()].map((path) => relative(`${root}/project`, path)).toSorted();
}

const beside = {
  'project/x.ts': '',
  'project/y.js': '',
  'project/z.json': '{}',
  'shared.ts': '',
  'project/lib/index.js': '',
};

test.each([
  `import x from './x.ts';`,
  `import x from"./x.ts"`,
  `import './x.ts'`,
  `import type { X } from './x.ts';`,
  `import {\n  a,\n  b,\n} from\n  "./x.ts";`,
  `export * from './x.ts';`,
  `export { a as b } from './x.ts';`,
  `const x = await import('./x.ts');`,
  'const x = await import(`./x.ts`);',
  `const x = await import(/* lazily */ /* and rarely */ './x.ts');`,
  `const x = require('./x.ts');`,
  `import x from './x.ts?raw';`,
  `import x from './lib/../x.ts';`,
])('%s brings x.ts', (config) => {
  expect(filesOf(config, beside)).toEqual(['config.ts', 'x.ts']);
});

test.each([
  `import x from 'x';`,
  `import { readFile } from 'node:fs/promises';`,
  `import x from './missing.ts';`,
  `const path = './x.ts';`,
  `command({ run: ['node', './y.js'] })`,
  'const x = await import(`./${name}.ts`);',
  '',
])('%s brings nothing', (config) => {
  expect(filesOf(config, beside)).toEqual(['config.ts']);
});

test('require finds what it may leave out', () => {
  expect(filesOf(`require('./y'); require('./z'); require('./lib');`, beside)).toEqual([
    'config.ts',
    'lib/index.js',
    'y.js',
    'z.json',
  ]);
});

test('goes on from file to file, upwards too, and ends in a circle', () => {
  const files = filesOf(`import './a.ts';`, {
    'project/a.ts': `import '../shared.ts';`,
    'shared.ts': `import './project/config.ts'; import data from './data.json' with { type: 'json' };`,
    'data.json': `{ "text": "import './other.ts'" }`,
    'other.ts': '',
  });
  expect(files).toEqual(['../data.json', '../shared.ts', 'a.ts', 'config.ts']);
});

test('a specifier in a comment or a string adds the file that it names, if there is one', () => {
  expect(filesOf(`// once: import './x.ts'\nconst s = "import './y.js'";`, beside)).toEqual([
    'config.ts',
    'x.ts',
    'y.js',
  ]);
});

test('many comments take no time', () => {
  expect(filesOf(`import ${'/* a */ '.repeat(200)} nothing`)).toEqual(['config.ts']);
});
