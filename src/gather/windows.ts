/** Which parts of a log are kept, where all of it would be too much. */
import type { LogMark } from '../coordinator/record-names.ts';

/** From the first byte to the one before the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** All in bytes. */
export interface Caps {
  /** A log up to this is kept whole. */
  readonly whole: number;
  /** The beginning and the end of a longer one. */
  readonly head: number;
  readonly tail: number;
  /** What is kept before a failure of something that was ready; a start that failed is kept from its beginning. */
  readonly before: number;
  /** The most that is kept for one failure. */
  readonly failure: number;
}

export const CAPS: Caps = {
  whole: 2 << 20,
  head: 128 << 10,
  tail: 512 << 10,
  before: 1 << 20,
  failure: 16 << 20,
};

/**
 * The ranges of a log to keep, in order and apart from each other: its beginning, its end, and what each failure
 * covers, which reaches from the start that failed, or from some time before the loss, to where its resource is
 * ready again.
 *
 * @param size of the log, in bytes
 * @param marks of this log's resource, in the order of time
 */
export function rangesOf(size: number, marks: readonly LogMark[], caps: Caps = CAPS): readonly Range[] {
  if (size <= caps.whole) return merged([{ from: 0, to: size }], size);
  const failures = marks.flatMap((mark, index) =>
    mark.kind === 'failed' ? [failureRange(size, marks, index, caps)] : [],
  );
  return merged([{ from: 0, to: caps.head }, ...failures, { from: size - caps.tail, to: size }], size);
}

function failureRange(size: number, marks: readonly LogMark[], index: number, caps: Caps): Range {
  const failed = marks[index]?.bytes ?? 0;
  const last = marks[index - 1];
  // What came before it was ready for the first time is no part of a loss.
  const began = last?.kind === 'ready' ? Math.max(last.bytes, failed - caps.before) : (last?.bytes ?? 0);
  const over = marks.slice(index + 1).find(({ kind }) => kind === 'ready')?.bytes ?? size;
  // Of what is too long, the moment of the failure is in the middle.
  const from = Math.max(began, failed - caps.failure / 2);
  return { from, to: Math.min(over, from + caps.failure) };
}

function merged(ranges: readonly Range[], size: number): readonly Range[] {
  const inside = ranges
    .map(({ from, to }) => ({ from: Math.max(0, from), to: Math.min(size, to) }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from);
  const apart: Range[] = [];
  for (const range of inside) {
    const last = apart.at(-1);
    if (last === undefined || range.from > last.to) apart.push(range);
    else apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return apart;
}
