import { columns } from '../src/report/format.ts';

/** One measured figure, beside the goal it has to reach where there is one. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | '×' | 'MB' | '%';
  /** Highest value that is good enough. */
  readonly goal?: number;
  /** What it was measured against, or how it is spread. */
  readonly note?: string;
}

/** What a program reads: the last line of `--json`. */
export function toJson(bench: string, rows: readonly Row[]): string {
  return JSON.stringify({
    bench,
    rows: rows.map(({ name, value, goal }) => ({ name, value, goal: goal ?? null, ok: isOk(value, goal) })),
  });
}

/** What a person reads: one line a row. */
export function toTable(rows: readonly Row[]): string {
  const lines = rows.map(({ name, value, unit, goal, note = '' }) => [
    name,
    `${value} ${unit}`,
    goal === undefined ? '' : `goal ≤ ${goal}`,
    { true: 'ok', false: 'MISSED', null: '' }[String(isOk(value, goal)) as 'true' | 'false' | 'null'],
    note,
  ]);
  return columns(lines).join('\n');
}

function isOk(value: number, goal: number | undefined): boolean | null {
  return goal === undefined ? null : value <= goal;
}

/** Three significant digits are more than a machine with other work on it repeats. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
