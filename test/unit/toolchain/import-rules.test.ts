/** The import rules are data, and data that matches nothing is silent: this shows lint what each rule is there for. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'src/protocol/a.ts': ['../client/join.ts', 'zod', 'node:fs'],
  'src/platform/a.ts': ['../coordinator/main.ts'],
  'src/resources/a.ts': ['../coordinator/main.ts'],
  'src/resources/postgres/a.ts': ['../../coordinator/main.ts'],
  'src/coordinator/reducer.ts': ['./server.ts', '../platform/paths.ts', 'node:fs', 'zod'],
  'src/client/a.ts': ['../coordinator/main.ts'],
  'src/protocol/messages.ts': ['./schema.ts'],
  'src/client/connection.ts': ['./join.ts', '../platform/paths.ts', '../protocol/schema.ts', 'zod'],
  'src/report/a.ts': ['../coordinator/server.ts'],
  'src/vitest/a.ts': ['../coordinator/main.ts', 'zod'],
  'src/cli/a.ts': ['../vitest/index.ts', '../../workers/coordinator.ts', 'vitest', 'vitest/node', 'greenroom/client'],
  'src/cli/commands/a.ts': ['../../vitest/index.ts', '../../../workers/coordinator.ts'],
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/protocol/b.ts': ['./plan.ts'],
  'src/protocol/schema.ts': ['./messages.ts', 'zod'],
  'src/platform/b.ts': ['../protocol/plan.ts', 'execa', 'node:fs'],
  'src/resources/postgres/b.ts': ['../driver.ts', '../../platform/paths.ts', 'pg'],
  'src/coordinator/state.ts': ['./events.ts', '../protocol/plan.ts'],
  'src/coordinator/b.ts': ['./reducer.ts', 'node:net'],
  'src/client/b.ts': ['./connection.ts', '../platform/paths.ts', 'zod'],
  'src/report/b.ts': ['../coordinator/state.ts'],
  'src/vitest/b.ts': ['vitest/node', '../client/join.ts', 'node:path'],
  'src/cli/commands/b.ts': ['../../client/join.ts', 'cac'],
};

/** The ways to import; each must count. */
const forms = (specifier: string, index: number): readonly string[] => [
  `import '${specifier}';`,
  `export type { T as T${index} } from '${specifier}';`,
  `export const later${index} = () => import('${specifier}');`,
];

let project: string;
let findings: readonly string[];

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'greenroom-imports-'));
  for (const file of ['oxlint.config.ts', 'oxlint.imports.ts', 'tsconfig.json', 'package.json']) {
    cpSync(join(ROOT, file), join(project, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  for (const [file, specifiers] of Object.entries({ ...FORBIDDEN, ...ALLOWED })) write(file, specifiers.flatMap(forms));
  write('src/protocol/one.ts', [`import type { Two } from './two.ts';`, 'export type One = Two | 1;']);
  write('src/protocol/two.ts', [`import type { One } from './one.ts';`, 'export type Two = One | 2;']);
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['--format=unix', 'src'], {
    cwd: project,
    encoding: 'utf8',
  });
  findings = stdout.split('\n');
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, lines: readonly string[]): void {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.join('\n') + '\n');
}

/** Lines of a file that a rule has refused. */
function refused(rule: string, file: string): number[] {
  const lines = findings.filter((finding) => finding.startsWith(`${file}:`) && finding.includes(`(${rule})`));
  return lines.map((line) => Number(line.split(':')[1])).toSorted((a, b) => a - b);
}

test.each(Object.entries(FORBIDDEN))('%s may not import %j', (file, specifiers) => {
  const every = specifiers.flatMap(forms).map((_, index) => index + 1);
  expect(refused('no-restricted-imports', file)).toEqual(every);
});

test.each(Object.entries(ALLOWED))('%s may import %j', (file) => {
  expect(refused('no-restricted-imports', file)).toEqual([]);
});

test('a circle of types is a circle', () => {
  expect(refused('no-cycle', 'src/protocol/one.ts')).toEqual([1]);
  expect(refused('no-cycle', 'src/protocol/two.ts')).toEqual([1]);
});
