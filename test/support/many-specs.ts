/** Suites of a given size, as text, for a Vitest project. */

/** What stands in a spec file in place of an ordinary spec, by its place. */
export type Bodies = Readonly<Record<number, string>>;

const PASSES = "test('spec #', () => new Promise((done) => setTimeout(done, 20)));";

/** The docblock of a file that needs no infrastructure. */
export const NEEDS_NOTHING = '// @needs';

/** The text of a spec file. `#` in a body becomes its place; `head` comes before all code. */
export function specFile(specs: number, bodies: Bodies = {}, head: string = NEEDS_NOTHING): string {
  const all = Array.from({ length: specs }, (_, index) => (bodies[index] ?? PASSES).replaceAll('#', String(index)));
  const imports = "import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';";
  return [head, imports, ...all].join('\n');
}

/** 57 specs in 12 files, `specs/00.test.ts` and so on. */
export function suiteOf57(bodiesOf: (file: number) => Bodies = () => ({}), head?: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: 12 }, (_, file) => [
      `specs/${String(file).padStart(2, '0')}.test.ts`,
      specFile(file < 9 ? 5 : 4, bodiesOf(file), head),
    ]),
  );
}
