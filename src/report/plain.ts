/** Progress for logs and CI: one line a change, and a sign of life now and then. */
import type { Progress, Transition } from './fold.ts';
import { duration } from './format.ts';
import { gateRow, resourceRow, type Row, rows } from './rows.ts';

/** Widths of the name and of the state's word, so that lines written one by one still form columns. */
const NAME_WIDTH = 16;
const WORD_WIDTH = 10;

/** One change; `start` is when the command began. */
export function plainLine(progress: Progress, transition: Transition, start: number): string {
  const { kind, name, at } = transition;
  const row = kind === 'resource' ? resourceRow(progress, name, at) : gateRow(progress, name, at);
  return line(at - start, row, [took(transition), row.detail]);
}

/** What is still waited for, and the last thing each of them said. */
export function heartbeat(progress: Progress, now: number, start: number): string[] {
  return rows(progress, now)
    .filter(({ tone }) => tone === 'busy')
    .map((row) => {
      const waited = row.ms === undefined ? 'still waiting' : `still waiting after ${duration(row.ms)}`;
      return line(now - start, row, [row.detail === '' ? waited : `${waited}: ${row.detail}`]);
    });
}

function took({ kind, before, after, at }: Transition): string {
  if (kind === 'gate') return '';
  if (after.state === 'ready') return duration(after.took);
  return before.state === 'starting' ? `after ${duration(at - before.since)}:` : '';
}

function line(ms: number, { name, word }: Row, rest: readonly string[]): string {
  const stamp = `[${duration(ms).padStart(6)}]`;
  return [stamp, name.padEnd(NAME_WIDTH), word.padEnd(WORD_WIDTH), ...rest.filter((part) => part !== '')]
    .join(' ')
    .trimEnd();
}
