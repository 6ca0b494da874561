import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEnv, quoteForDotenv } from '../../../src/cli/quote.ts';
import { isGreenroomError } from '../../../src/protocol/failure.ts';

const NASTY = {
  EMPTY: '',
  SPACES: '  a  b ',
  QUOTES: `it's "so" \`so\``,
  DOLLAR: '$HOME ${HOME} $(id) `id`',
  LINES: 'one\ntwo\n\n# three',
  BACKSLASH: String.raw`a\nb\\c\ `,
  UNICODE: 'grün ✔ \u0001',
  URL: 'postgres://user:p%40ss@127.0.0.1:5432/db?a=1&b=2#c',
};

/** What a POSIX shell makes of the text: each variable, ended by a NUL. */
function readByShell(text: string, names: readonly string[]): string[] {
  const show = names.map((name) => `printf '%s\\0' "$${name}"`).join('\n');
  return execFileSync('sh', ['-c', `${text}\n${show}`], { encoding: 'utf8', env: {} })
    .split('\0')
    .slice(0, -1);
}

test('a shell reads --export back unchanged', () => {
  expect(readByShell(formatEnv(NASTY, 'export'), Object.keys(NASTY))).toEqual(Object.values(NASTY));
});

test('a shell reads any value back unchanged', () => {
  const value = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((text) => !text.includes('\0') && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
      const env = Object.fromEntries(values.map((text, index) => [`V${index}`, text]));
      expect(readByShell(formatEnv(env, 'export'), Object.keys(env))).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

test('a dotenv file holds a value unchanged, or it is refused', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '`', '\\', 'n', '\n', '\r', '#', '$', '=', '✔') }),
      (value) => {
        let quoted: string;
        try {
          quoted = quoteForDotenv('V', value);
        } catch (error) {
          expect(isGreenroomError(error) && error.code).toBe('USAGE');
          expect(value).toMatch(/\r|'/);
          return;
        }
        expect(parseEnv(`A=1\nV=${quoted}\nZ=2\n`)).toEqual({ A: '1', V: value, Z: '2' });
      },
    ),
    { numRuns: 2_000 },
  );
});

test('plain and JSON', () => {
  expect(formatEnv({ A: 'x y', B: '1' }, 'plain')).toBe('A=x y\nB=1\n');
  expect(JSON.parse(formatEnv(NASTY, 'json'))).toEqual(NASTY);
});

test('a name that no shell can hold is refused', () => {
  expect(() => formatEnv({ 'my-var': '1' }, 'export')).toThrow('a shell cannot hold a variable named "my-var"');
});
