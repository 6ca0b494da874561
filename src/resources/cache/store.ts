/**
 * Files that are kept across runs, by key. An entry appears by one rename when it is complete, and goes by one
 * rename, so that nobody ever reads half of one. Several processes use a store at once, without locks.
 */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openCacheDir } from '../../platform/cache-dir.ts';
import { isAbandoned, isKey, temporaryName } from './names.ts';

/** Bytes that all entries of a store may have together. */
export const MAX_BYTES = 2 * 2 ** 30;

const MANIFEST = 'manifest.json';
const KEPT = 'data.tar';
const manifestSchema = z.strictObject({
  v: z.literal(1),
  /** What it is, for people. */
  what: z.string(),
  /** Of the file: one of another size is broken. */
  bytes: z.int().nonnegative(),
  /** What its user needs to know and nobody else: the store is private to us. */
  secret: z.string(),
});

/** What a complete entry says of itself. */
export type Manifest = Omit<z.infer<typeof manifestSchema>, 'v'>;

export interface Entry extends Manifest {
  readonly key: string;
  /** The file that is kept. */
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

/** An entry on its way. */
export interface Draft {
  /** Where the file that is to be kept must be copied. */
  readonly file: string;
  /** Makes it visible. When another process was faster, that one's stays. */
  commit(manifest: Manifest): Promise<void>;
  discard(): Promise<void>;
}

export class Store {
  private readonly dir: string;

  /**
   * Opens a store and removes what dead processes left in it.
   * @throws Error when the directory cannot be used
   */
  constructor(dir: string) {
    openCacheDir(dir);
    this.dir = dir;
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (isAbandoned(name, ageOf(path))) rmSync(path, { recursive: true, force: true });
    }
  }

  /** The entry of a key, marked as used. */
  find(key: string): Entry | undefined {
    const entry = this.read(key);
    const now = new Date();
    // Somebody may just be removing it.
    if (entry !== undefined) ignoreMissing(() => utimesSync(join(this.dir, key), now, now));
    return entry;
  }

  /** All that are complete, last used first. */
  list(): readonly Entry[] {
    const entries = readdirSync(this.dir).flatMap((name) => this.read(name) ?? []);
    return entries.toSorted((a, b) => b.usedAt - a.usedAt);
  }

  draft(key: string): Draft {
    const path = join(this.dir, temporaryName());
    mkdirSync(path, { mode: 0o700 });
    const discard = (): Promise<void> => rm(path, { recursive: true, force: true });
    return {
      file: join(path, KEPT),
      discard,
      commit: async (manifest) => {
        writeFileSync(join(path, MANIFEST), `${JSON.stringify({ v: 1, ...manifest })}\n`, { mode: 0o600 });
        await rename(path, join(this.dir, key)).catch(async (error: NodeJS.ErrnoException) => {
          await discard();
          if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
        });
      },
    };
  }

  /** Removes an entry, or what looks like one. Whoever is reading it reads on. */
  remove(key: string): void {
    const trash = join(this.dir, temporaryName());
    ignoreMissing(() => renameSync(join(this.dir, key), trash));
    rmSync(trash, { recursive: true, force: true });
  }

  /** Removes what was not used for longest, until the rest is small enough. `spared` stays. */
  shrink(maxBytes: number, spared?: string): void {
    let sum = 0;
    for (const { key, bytes } of this.list()) {
      sum += bytes;
      if (sum > maxBytes && key !== spared) this.remove(key);
    }
  }

  /** Removes all; returns what was there. */
  clear(): readonly Entry[] {
    const entries = this.list();
    for (const name of readdirSync(this.dir)) if (isKey(name)) this.remove(name);
    return entries;
  }

  private read(key: string): Entry | undefined {
    if (!isKey(key)) return undefined;
    const dir = join(this.dir, key);
    try {
      const { v: _, ...manifest } = manifestSchema.parse(JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')));
      return { ...manifest, key, file: join(dir, KEPT), usedAt: lstatSync(dir).mtimeMs };
    } catch {
      return undefined;
    }
  }
}

function ageOf(path: string): number {
  return Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function ignoreMissing(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
