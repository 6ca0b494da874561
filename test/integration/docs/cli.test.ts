import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/cli.md', root), 'utf8');
const commands = readdirSync(new URL('src/cli/commands', root)).map((file) => file.replace(/\.ts$/, ''));

/** The part of the page under the heading that names the command. */
function sectionOf(command: string): string {
  const sections = page.split(/^## /m);
  return sections.find((section) => section.split('\n', 1)[0]?.includes(`\`${command}`)) ?? '';
}

test.each(commands)('docs/cli.md describes every flag of %s', async (command) => {
  const main = new URL('src/cli/main.ts', root).pathname;
  const { stdout } = await execa(process.execPath, [main, command, '--help'], { timeout: 15_000 });
  const flags = [...stdout.matchAll(/^ {2}.*?(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
  expect(flags).toContain('--config');
  const own = flags.filter((flag) => flag !== '--config' && flag !== '--help');
  expect(own.filter((flag) => !sectionOf(command).includes(flag))).toEqual([]);
});
