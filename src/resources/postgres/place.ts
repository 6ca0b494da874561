import type { Place } from '../../platform/memory-dirs.ts';

/** Bytes that must be free: an empty server, a template and a few clones have room then. */
const WANTED = 512 * 2 ** 20;
/** Less than this and not even an empty server gets up. */
const LEAST = 128 * 2 ** 20;

/** Where a data directory goes, or why nowhere. */
export type Choice =
  | { readonly path: string; /** Why it is not in memory. */ readonly instead?: string }
  | { readonly error: 'no-memory' | 'no-space'; readonly reason: string };

/**
 * @param places Those there are, the usual one first.
 * @param size Bytes of the data directory that will be copied there, 0 where none is known.
 */
export function choosePlace(tmpfs: 'auto' | 'require' | false, places: readonly Place[], size: number): Choice {
  const inMemory = places.filter((place) => place.inMemory);
  const roomy = inMemory.find(({ free }) => free >= WANTED + size);
  if (tmpfs !== false && roomy !== undefined) return { path: roomy.path };
  const why =
    inMemory.length === 0
      ? 'there is no tmpfs that can be written'
      : `${inMemory.map((place) => `${place.path} has ${megabytes(place.free)} free`).join(', ')}, and ${megabytes(WANTED + size)} are wanted`;
  if (tmpfs === 'require') return { error: 'no-memory', reason: why };
  const usual = places.find((place) => tmpfs === false || !place.inMemory) ?? places[0];
  if (usual === undefined || usual.free < LEAST + size) {
    const found =
      usual === undefined ? 'no temporary directory can be written' : `${usual.path} has ${megabytes(usual.free)} free`;
    return { error: 'no-space', reason: `${found}, and ${megabytes(LEAST + size)} are needed` };
  }
  return { path: usual.path, ...(tmpfs === false ? {} : { instead: why }) };
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MB`;
