/** Which temporary directory something is made in: in memory where that is wanted, and only where there is room. */
import type { Place } from '../platform/memory-dirs.ts';
import { size } from '../platform/size.ts';

/** In memory: where there is a tmpfs with room (`'auto'`), or else an error (`'require'`), or never. */
export type Tmpfs = 'auto' | 'require' | false;

/** Bytes that must be free. */
interface Room {
  /** To be made in memory. */
  readonly inMemory: number;
  /** To be made at all. */
  readonly anywhere: number;
}

/** Where something is made, or why nowhere. */
export type Choice =
  | { readonly path: string; /** Why it is not in memory. */ readonly instead?: string }
  | { readonly error: 'no-memory' | 'no-space'; readonly reason: string };

/** @param places Those there are, the usual one first. */
export function choosePlace(tmpfs: Tmpfs, places: readonly Place[], room: Room): Choice {
  const inMemory = places.filter((place) => place.inMemory);
  const roomy = inMemory.find(({ free }) => free >= room.inMemory);
  if (tmpfs !== false && roomy !== undefined) return { path: roomy.path };
  const why = inMemory.length === 0 ? 'there is no tmpfs that can be written' : lacking(inMemory, room.inMemory);
  if (tmpfs === 'require') return { error: 'no-memory', reason: why };
  const usual = places.find((place) => tmpfs === false || !place.inMemory) ?? places[0];
  if (usual === undefined) return { error: 'no-space', reason: 'no temporary directory can be written' };
  if (usual.free < room.anywhere) return { error: 'no-space', reason: lacking([usual], room.anywhere) };
  return { path: usual.path, ...(tmpfs === false ? {} : { instead: why }) };
}

function lacking(places: readonly Place[], bytes: number): string {
  const found = places.map(({ path, free }) => `${path} has ${size(free)} free`);
  return `${found.join(', ')}, and ${size(bytes)} are needed`;
}
