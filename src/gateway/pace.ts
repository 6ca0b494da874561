import { Transform, type TransformCallback } from 'node:stream';
import type { Effect } from './fault.ts';

/** How often bandwidth is given out. */
const TICK_MS = 20;

/**
 * What an effect does to a stream of bytes; undefined where it does nothing to it.
 *
 * @param cut is called when the stream has to be broken off
 */
export function paceOf(effect: Effect | undefined, cut: () => void): Transform | undefined {
  switch (effect?.kind) {
    case 'truncate':
      return new Cut(effect.bytes, cut);
    case 'slow-body':
      return new Pace(effect.bytes ?? 64, effect.ms);
    case 'bandwidth':
      return new Pace(Math.max(1, Math.round((effect.bytesPerSecond * TICK_MS) / 1_000)), TICK_MS);
    default:
      return undefined;
  }
}

/** Lets so many bytes through and no more. */
class Cut extends Transform {
  private left: number;
  private readonly cut: () => void;

  constructor(bytes: number, cut: () => void) {
    super();
    this.left = bytes;
    this.cut = cut;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const part = chunk.subarray(0, this.left);
    this.left -= part.length;
    if (part.length > 0) this.push(part);
    // What was let through is on its way before the end.
    if (part.length < chunk.length) setImmediate(this.cut);
    else done();
  }
}

/** Lets so many bytes through at a time, and waits so long after them. */
class Pace extends Transform {
  private readonly bytes: number;
  private readonly ms: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(bytes: number, ms: number) {
    super();
    this.bytes = bytes;
    this.ms = ms;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.push(chunk.subarray(0, this.bytes));
    const rest = chunk.subarray(this.bytes);
    this.timer = setTimeout(() => {
      if (rest.length === 0) done();
      else this._transform(rest, _, done);
    }, this.ms);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.timer);
    done(error);
  }
}
