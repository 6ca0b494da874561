import { SCOPED_KINDS, SLICED_KINDS, type Resource } from '../resources/define.ts';
import type { Resources } from './define.ts';
import {
  contentsOfOthers,
  nothingKept,
  nothingReset,
  notScoped,
  resetOfSlices,
  resetUnused,
  sliceOfScoped,
  sliceOfShared,
  slicesNotMade,
  slicesUnused,
  sliceTooShort,
} from './errors.ts';
import { nameOf } from './check-needs.ts';

/** What says what is in a database. */
const CONTENTS = ['migrate', 'seed', 'extensions', 'salt'];

/** What all share must not depend on what each has its own of: it would see none of it. */
export function checkSlices(resources: Resources): void {
  for (const [name, { kind, slice: unit, scope, ports, options }] of Object.entries(resources)) {
    if (scope === 'worker') {
      if (!SCOPED_KINDS.has(kind)) throw notScoped(name, kind);
      if (options['slices'] !== undefined || unit !== 'worker') throw sliceOfScoped(name);
      continue;
    }
    // Ports of a gateway cut nothing.
    const slice = ports === undefined ? unit : undefined;
    const made = kind === 'custom' ? options['slices'] !== undefined : SLICED_KINDS.has(kind);
    if (slice !== undefined && !made) throw slicesNotMade(name, kind);
    if (slice === undefined && kind === 'postgres' && options['url'] !== undefined) {
      const option = CONTENTS.find((known) => options[known] !== undefined);
      if (option !== undefined) throw contentsOfOthers(name, option);
    }
    if (slice === undefined && options['slices'] !== undefined) throw slicesUnused(name);
    if (slice === undefined && options['keepOnFailure'] === true) throw nothingKept(name);
    if (slice !== 'worker' && slice !== 'file' && options['reset'] !== undefined) throw nothingReset(name, slice);
  }
  for (const [name, resource] of Object.entries(resources)) {
    if (resource.reset !== undefined && resource.scope === undefined) throw resetUnused(name);
    for (const needed of Object.values(resource.needs))
      checkNeed(name, resource, needed, nameOf(resources, needed) ?? '');
  }
}

function checkNeed(name: string, { scope, reset }: Resource, { slice, shared }: Resource, needed: string): void {
  if (slice === undefined) return;
  if (scope === undefined) {
    if (shared !== 'base') throw sliceOfShared(name, needed, slice);
    return;
  }
  if (slice !== 'worker') throw sliceTooShort(name, needed, slice);
  if (reset !== undefined) throw resetOfSlices(name, needed);
}
