import { variants, type Played } from './play.ts';
import type { Outcome, Story } from './story.ts';

/** The table a person reads: one line a variant, counts first, then what was only measured. */
export function table(story: Story, { outcomes, result, complaints }: Played): string {
  const rows = variants.map((variant) => {
    const of = outcomes[variant];
    const hit = of.filter(({ lost }) => lost > 0).length;
    return [
      variant,
      range(of.map(({ lost }) => lost)),
      range(of.map(({ total }) => total)),
      `${hit} of ${of.length}`,
      details(of),
    ];
  });
  const lines = columns([['', story.loss, 'of', 'runs hit', ''], ...rows]);
  const notes = variants.flatMap((variant) =>
    (outcomes[variant].at(-1)?.notes ?? []).map((note) => `  ${variant}: ${note}`),
  );
  const verdict = result.ok ? ['ok'] : complaints.map((complaint) => `not ok: ${complaint}`);
  return [
    `${story.id}  ${story.title}`,
    '',
    ...lines,
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    ...verdict,
  ].join('\n');
}

function details(outcomes: readonly Outcome[]): string {
  const counted = [...merge(outcomes.map(({ counts = {} }) => counts))];
  const timed = [...merge(outcomes.map(({ measured = {} }) => measured))];
  return [
    ...counted.map(([name, values]) => `${name} ${range(values)}`),
    ...timed.map(([name, values]) => `${name} ${round(median(values))}${spread(values)}`),
  ].join(', ');
}

function merge(records: readonly Readonly<Record<string, number>>[]): Map<string, number[]> {
  const merged = new Map<string, number[]>();
  for (const [name, value] of records.flatMap((record) => Object.entries(record))) {
    merged.set(name, [...(merged.get(name) ?? []), value]);
  }
  return merged;
}

/** `44` where all runs agree, else `43–45`. */
function range(values: readonly number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? String(low) : `${low}–${high}`;
}

function spread(values: readonly number[]): string {
  return values.length > 1 ? ` (${round(Math.min(...values))}–${round(Math.max(...values))})` : '';
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

function round(value: number): string {
  return value.toFixed(2);
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
