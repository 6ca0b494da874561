/**
 * Who has which database of a server that others use as well: a key per leased index in database 0, which expires
 * when nobody renews it. It stands there because the holder of an index may empty that.
 */
import type { Redis } from 'ioredis';

/** Milliseconds after which the index of a coordinator that died without giving it back is free. */
export const MARK_MS = 30_000;

const keyOf = (index: number): string => `greenroom:index:${index}`;

/**
 * Prolongs a mark of ours. One that is gone is set again, where it can only have been deleted, by a FLUSHALL: one that
 * has expired may have been another's in between.
 */
const RENEW = `
local owner = redis.call('GET', KEYS[1])
if owner ~= ARGV[1] and (owner or ARGV[3] ~= 'set') then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const REMOVE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/** Marks the first of these indexes that is nobody's; undefined when there is none. `client` is at database 0. */
export async function markOne(client: Redis, indexes: readonly number[], owner: string): Promise<number | undefined> {
  for (const index of indexes) {
    if ((await client.set(keyOf(index), owner, 'PX', MARK_MS, 'NX')) === 'OK') return index;
  }
  return undefined;
}

/** False when the index is not the owner's any more. */
export async function renewMark(client: Redis, index: number, owner: string, since: number): Promise<boolean> {
  const missing = Date.now() - since < MARK_MS ? 'set' : 'leave';
  return (await client.eval(RENEW, 1, keyOf(index), owner, MARK_MS, missing)) === 1;
}

export async function removeMark(client: Redis, index: number, owner: string): Promise<void> {
  await client.eval(REMOVE, 1, keyOf(index), owner);
}

/** Who has each of these indexes, where anybody has. */
export async function markedBy(client: Redis, indexes: readonly number[]): Promise<readonly string[]> {
  const owners = await client.mget(indexes.map(keyOf));
  return owners.filter((owner) => owner !== null);
}
