import { SLICED_KINDS } from '../resources/define.ts';
import type { Resources } from './define.ts';
import { nothingKept, nothingReset, sliceOfShared, slicesNotMade, slicesOfOthers, slicesUnused } from './errors.ts';
import { nameOf } from './check-needs.ts';

/** What all share must not depend on what each has its own of: it would see none of it. */
export function checkSlices(resources: Resources): void {
  for (const [name, { kind, slice, options }] of Object.entries(resources)) {
    const made = kind === 'custom' ? options['slices'] !== undefined : SLICED_KINDS.has(kind);
    if (slice !== undefined && !made) throw slicesNotMade(name, kind);
    if (slice !== undefined && kind === 'postgres' && options['url'] !== undefined) throw slicesOfOthers(name);
    if (slice === undefined && options['slices'] !== undefined) throw slicesUnused(name);
    if (slice === undefined && options['keepOnFailure'] === true) throw nothingKept(name);
    if (slice !== 'worker' && slice !== 'file' && options['reset'] !== undefined) throw nothingReset(name, slice);
  }
  for (const [name, { needs }] of Object.entries(resources)) {
    for (const needed of Object.values(needs)) {
      if (needed.slice === undefined || needed.shared === 'base') continue;
      throw sliceOfShared(name, nameOf(resources, needed) ?? '', needed.slice);
    }
  }
}
