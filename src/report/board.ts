/** Progress for a terminal: a board at the bottom that is redrawn in place. */
import { paint } from './paint.ts';
import type { Progress } from './fold.ts';
import { columns, duration } from './format.ts';
import { type Row, rows, type Tone } from './rows.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_MS = 80;
/** That of `starting`, so that nothing moves sideways when the last resource is no longer starting. */
const WORD_WIDTH = 8;

const MARKS: Readonly<Record<Tone, { readonly mark: string; readonly colour: 'green' | 'yellow' | 'dim' | 'red' }>> = {
  good: { mark: '✔', colour: 'green' },
  busy: { mark: '', colour: 'yellow' },
  idle: { mark: '·', colour: 'dim' },
  bad: { mark: '✖', colour: 'red' },
};

/** The board's lines at one moment, none longer than `width`. */
export function boardLines(progress: Progress, now: number, width: number): string[] {
  const all = rows(progress, now);
  const table = columns(
    all.map((row) => [row.name, row.word.padEnd(WORD_WIDTH), row.ms === undefined ? '' : duration(row.ms), row.detail]),
  );
  return table.map((text, index) => {
    const row = all[index] as Row;
    const { mark, colour } = MARKS[row.tone];
    return `  ${paint(colour, row.tone === 'busy' ? spinner(now) : mark)} ${clip(text, width - 4)}`;
  });
}

function spinner(now: number): string {
  return SPINNER[Math.floor(now / SPINNER_MS) % SPINNER.length] ?? '';
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Replaces what was drawn before, in one go where the terminal can (synchronized update). */
export function redraw(before: readonly string[], lines: readonly string[]): string {
  const up = before.length === 0 ? '' : `\u001B[${before.length}A`;
  const body = lines.map((line) => `\u001B[2K${line}\n`).join('');
  return `\u001B[?2026h${up}\r${body}\u001B[0J\u001B[?2026l`;
}
