/** Faults that a spec scripts: what happens to an exchange, and to which of them. Pure. */

/** To what of those that it is for a fault happens; all of it is the same in each run. */
export type Pattern =
  | 'always'
  /** The first one, and each second after it. */
  | 'alternating'
  /** So many in a row, then so many that are left alone, and again. */
  | { readonly burst: number; readonly pause: number }
  /** Each n-th. */
  | { readonly every: number }
  /** By lot: the same seed, the same lots. */
  | { readonly probability: number; readonly seed: number };

/** What happens. Times in milliseconds. */
export type Effect =
  /** The connection is closed before anything is answered. */
  | { readonly kind: 'refuse' }
  /** The connection is reset (RST). */
  | { readonly kind: 'reset' }
  /** It goes on after so long. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Nothing is answered, ever. */
  | { readonly kind: 'hang' }
  /** HTTP: the gateway answers in place of the server. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  /** The connection is closed after so many bytes of the answer's body; of a raw connection, of what the server says. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** HTTP: so many bytes of the answer's body at a time, default 64, and so long between them. */
  | { readonly kind: 'slow-body'; readonly ms: number; readonly bytes?: number }
  /** What the server says comes this fast. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number };

export type FaultKind = Effect['kind'];

export type Fault = Effect & {
  /** Default `'always'`. */
  readonly when?: Pattern;
  /** It happens so often at most. */
  readonly times?: number;
  /** Only to requests whose `baggage` names this spec: the `id` of Vitest's task. */
  readonly spec?: string;
};

/** Kinds that a raw connection can have. */
export const RAW_KINDS: ReadonlySet<FaultKind> = new Set(['refuse', 'reset', 'delay', 'hang', 'truncate', 'bandwidth']);

/** @param index of the exchange among those that the fault is for, from 0 on */
export function strikes(pattern: Pattern, index: number): boolean {
  if (pattern === 'always') return true;
  if (pattern === 'alternating') return index % 2 === 0;
  if ('every' in pattern) return (index + 1) % pattern.every === 0;
  if ('burst' in pattern) return index % (pattern.burst + pattern.pause) < pattern.burst;
  return lot(pattern.seed, index) < pattern.probability;
}

/** A number from 0 to below 1 that depends on seed and index alone: one step of mulberry32. */
function lot(seed: number, index: number): number {
  let bits = (seed + Math.imul(index + 1, 0x6d2b79f5)) | 0;
  bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
}
