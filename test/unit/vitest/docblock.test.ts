import { expect, test } from 'vitest';
import { parseDocblock } from '../../../src/vitest/docblock.ts';

const CODE = "import { test } from 'vitest';\n";

test.each([
  ['a JSDoc block', '/**\n * What it is about.\n *\n * @needs db, llm\n * @gates catalog\n */\n'],
  ['a block on one line each', '/* @needs db, llm */\n/** @gates catalog */\n'],
  ['line comments', '// @needs db, llm\n// @gates catalog\n'],
  ['a block without decoration', '/*\n@needs db, llm\n@gates catalog\n*/\n'],
  ['after a line for the shell', '#!/usr/bin/env node\n// @needs db, llm\n/* @gates catalog */\n'],
  ['after a byte order mark', '\uFEFF// @needs db, llm\n// @gates catalog\n'],
  ['after a licence', '/* Copyright */\n\n// @needs db, llm\n\n/** @gates catalog */\n'],
  ['lines that end as on Windows', '/**\r\n * @needs db, llm\r\n * @gates catalog\r\n */\r\n'],
])('names are read from %s', (_, comment) => {
  expect(parseDocblock(comment + CODE)).toEqual({ needs: ['db', 'llm'], gates: ['catalog'] });
});

test.each([
  ['commas', 'db,llm'],
  ['spaces', 'db llm'],
  ['both, and a comma at the end', ' db ,  llm ,'],
  ['tabs', 'db\tllm'],
  ['a name that comes twice', 'db llm db'],
])('names are separated by %s', (_, names) => {
  expect(parseDocblock(`// @needs ${names}\n${CODE}`)).toEqual({ needs: ['db', 'llm'] });
});

test('several lines of one kind add up', () => {
  expect(parseDocblock(`// @needs db\n// @needs llm, db\n${CODE}`)).toEqual({ needs: ['db', 'llm'] });
});

test.each(['// @needs\n', '/** @needs */\n', '/**\n * @needs\n */\n', '// @needs   ,\n'])(
  'a list without names means that nothing is needed: %j',
  (comment) => {
    expect(parseDocblock(comment + CODE)).toEqual({ needs: [] });
  },
);

test.each([
  ['no comment', CODE],
  ['nothing', ''],
  ['a comment after the first line of code', `${CODE}// @needs db\n`],
  ['a comment after a directive of the language', "'use strict';\n// @needs db\n"],
  ['a comment that only speaks of it', '// See @needs in the manual.\n/* It needs db. */\n'],
  ['another directive', '// @needsomething db\n// @needs-not db\n'],
  ['a block that never ends', '/* @needs db\n'],
])('there is no docblock in %s', (_, source) => {
  expect(parseDocblock(source)).toBeUndefined();
});

test("Vitest's own directives may stand beside it", () => {
  const comment = '/**\n * @vitest-environment node\n * @needs db\n */\n';
  expect(parseDocblock(comment + CODE)).toEqual({ needs: ['db'] });
});

test('the end of a block ends the list', () => {
  expect(parseDocblock('/* @needs db */ import "llm";\n')).toEqual({ needs: ['db'] });
});
