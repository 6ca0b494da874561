/**
 * The key: who has the same one shares infrastructure. It covers what the infrastructure is made from, and never
 * what a single run wants of it: which resources it needs, how many workers it has, which ports were free.
 */
import { hash } from 'node:crypto';
import type { Json } from '../protocol/plan.ts';

/** What the infrastructure is made from. */
export interface Contents {
  /** Path relative to the config's directory → contents: the config file, what it imports, and declared inputs. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Name of an image → digest of the files that it is built from. */
  readonly contexts: Readonly<Record<string, string>>;
  /** The JSON part of the config. */
  readonly data: Json;
  /** Declared environment variables; null: not set. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly protocolVersion: number;
}

/** Who and where. */
export interface Owner {
  /** Real path of the directory of the config file. */
  readonly root: string;
  readonly uid: number;
  readonly protocolVersion: number;
}

/** Two configs differ when this does, wherever they stand. */
export function configHashOf({ files, contexts, data, env, protocolVersion }: Contents): string {
  const digests = Object.fromEntries([...files].map(([path, contents]) => [path, hash('sha256', contents)]));
  return digest({ files: digests, contexts, data, env, protocolVersion });
}

/** The key of a config in its directory. */
export function keyOf(configHash: string, { root, uid, protocolVersion }: Owner): string {
  return digest({ configHash, root, uid, protocolVersion });
}

/** The key that `key:` or GREENROOM_KEY asks for: the same for every directory and every contents. */
export function explicitKeyOf(explicit: string, { uid, protocolVersion }: Omit<Owner, 'root'>): string {
  return digest({ explicit, uid, protocolVersion });
}

function digest(value: Json): string {
  return hash('sha256', JSON.stringify(sorted(value))).slice(0, 16);
}

/** The same value with the keys of all its objects in one order. */
function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  const inOrder = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(inOrder.map(([key, inner]) => [key, sorted(inner)]));
}
