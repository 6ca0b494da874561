import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataKey, templateKey, type TemplateContents } from '../../../../src/resources/postgres/template-key.ts';

const file = (path: string, text: string) => ({ path, contents: Buffer.from(text) });

const BASE = {
  serverMajor: 18,
  encoding: 'UTF8',
  locale: 'C',
  settings: { work_mem: '4MB', jit: false },
  extensions: ['citext', 'pg_trgm'],
  steps: [
    { kind: 'sql', files: [file('a.sql', '1'), file('b.sql', '2')] },
    { kind: 'command', run: ['seed'], cwd: '.', version: '1', files: [file('seed.ts', '3')] },
    { kind: 'function', configHash: 'abc', files: [] },
  ],
  salt: '',
} as const satisfies TemplateContents;
const [sql, command, fn] = BASE.steps;

const CHANGES: readonly [string, Partial<TemplateContents>][] = [
  ['another major version', { serverMajor: 15 }],
  ['another encoding', { encoding: 'LATIN1' }],
  ['another locale', { locale: 'C.UTF-8' }],
  ['another setting', { settings: { work_mem: '5MB', jit: false } }],
  ['one extension less', { extensions: ['citext'] }],
  ['another salt', { salt: '2' }],
  ['other contents of a file', { steps: [{ ...sql, files: [file('a.sql', '1'), file('b.sql', '3')] }, command, fn] }],
  ['another name of a file', { steps: [{ ...sql, files: [file('a.sql', '1'), file('c.sql', '2')] }, command, fn] }],
  ['one file less', { steps: [{ ...sql, files: [file('a.sql', '1')] }, command, fn] }],
  ['another command', { steps: [sql, { ...command, run: ['seed', '--more'] }, fn] }],
  ['another directory of the command', { steps: [sql, { ...command, cwd: 'db' }, fn] }],
  ['another version of the command', { steps: [sql, { ...command, version: '2' }, fn] }],
  ['another config, with the function in it', { steps: [sql, command, { ...fn, configHash: 'abd' }] }],
  ['a migration as the seed', { steps: [command, sql, fn] }],
  ['no seed', { steps: [sql] }],
];

test.each(CHANGES)('%s makes another key', (_, change) => {
  expect(templateKey({ ...BASE, ...change })).not.toBe(templateKey(BASE));
});

test('no order matters but that of the steps', () => {
  const turned: TemplateContents = {
    ...BASE,
    settings: { jit: false, work_mem: '4MB' },
    extensions: BASE.extensions.toReversed(),
    steps: [{ ...sql, files: sql.files.toReversed() }, command, fn],
  };
  expect(templateKey(turned)).toBe(templateKey(BASE));
});

test('what stands in one file is told apart from what stands in two', () => {
  const keyOf = (files: readonly (readonly [string, string])[]): string =>
    templateKey({ ...BASE, steps: [{ kind: 'sql', files: files.map(([path, text]) => file(path, text)) }] });
  const files = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([path]) => path });
  const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
  fc.assert(
    fc.property(files, files, (some, others) => {
      const byPath = (list: typeof some) => list.toSorted(([a], [b]) => (a < b ? -1 : 1));
      expect(keyOf(some) === keyOf(others)).toBe(same(byPath(some), byPath(others)));
    }),
  );
});

test('a data directory is of one template, one build of the server and one user', () => {
  const keys = [
    dataKey('t', 'postgres 18.4', 1),
    dataKey('u', 'postgres 18.4', 1),
    dataKey('t', 'postgres 18.5', 1),
    dataKey('t', 'postgres 18.4', 2),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});
