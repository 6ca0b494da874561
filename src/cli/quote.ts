/** Writes environment variables so that whatever reads them gets the very same values. */
import { GreenroomError } from '../protocol/failure.ts';

export type EnvFormat = 'plain' | 'export' | 'dotenv' | 'json';

/** The text that `greenroom env` prints. */
export function formatEnv(env: Readonly<Record<string, string>>, format: EnvFormat): string {
  const entries = Object.entries(env);
  switch (format) {
    case 'json':
      return `${JSON.stringify(env, null, 2)}\n`;
    case 'plain':
      return lines(entries, (name, value) => `${name}=${value}`);
    case 'export':
      return lines(entries, (name, value) => `export ${shellName(name)}=${quoteForShell(value)}`);
    case 'dotenv':
      return lines(entries, (name, value) => `${name}=${quoteForDotenv(name, value)}`);
  }
}

/** Single quotes, in which a POSIX shell changes nothing. */
function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The first of the three quotes that the value does not contain. Escapes are no help: dotenv readers do not agree on
 * them, and neither do they keep carriage returns.
 */
export function quoteForDotenv(name: string, value: string): string {
  const quote = ["'", '`', '"'].find((mark) => !value.includes(mark));
  const changed = value.includes('\r') || (quote === '"' && value.includes('\\'));
  if (quote === undefined || changed) {
    throw new GreenroomError({
      code: 'USAGE',
      message: `the value of ${name} cannot be written in a dotenv file without being changed`,
      hint: 'use `greenroom env --export` or `greenroom env --json`',
    });
  }
  return `${quote}${value}${quote}`;
}

function shellName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new GreenroomError({
    code: 'USAGE',
    message: `a shell cannot hold a variable named ${JSON.stringify(name)}`,
    hint: 'rename it in `env` of the config, or use `greenroom env --json`',
  });
}

function lines(entries: readonly [string, string][], line: (name: string, value: string) => string): string {
  return entries.map(([name, value]) => `${line(name, value)}\n`).join('');
}
