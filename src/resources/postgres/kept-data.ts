/** Data directories with a sealed template in them, kept across runs in the user's cache. */
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir } from '../../platform/cache-dir.ts';
import { faultPoint } from '../../platform/fault.ts';
import { describeError } from '../../protocol/failure.ts';
import { MAX_BYTES, Store, type Entry } from '../cache/store.ts';
import type { ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';

/**
 * Keeps the data directories of one resource, each as one file: from a disk, that is read three times as fast as the
 * thousands that are in it. A cache that does not work costs time and nothing else.
 */
export class KeptData {
  private readonly ctx: ResourceContext;
  private readonly key: string;
  private readonly store: Store | undefined;
  private putting: Promise<void> = Promise.resolve();

  constructor(key: string, ctx: ResourceContext) {
    this.ctx = ctx;
    this.key = key;
    this.store = this.attempt(() => openStore(ctx.env));
  }

  /** Bytes of the entry that `take` would unpack; 0 without one. */
  get bytes(): number {
    return this.attempt(() => this.store?.find(this.key)?.bytes) ?? 0;
  }

  /** Unpacks the entry to where it is used, and returns the password in it; undefined when there is none that is whole. */
  async take(data: string): Promise<string | undefined> {
    const entry = this.attempt(() => this.store?.find(this.key));
    if (entry === undefined) {
      // Without a manifest it is no entry, and would only be in the way of a new one.
      this.attempt(() => this.store?.remove(this.key));
      return undefined;
    }
    const problem = wrongSize(entry) ?? (await this.unpack(entry.file, data));
    if (problem === undefined) return entry.secret;
    await this.discard(data, problem);
    return undefined;
  }

  /** Throws the entry away, and what was unpacked of it. */
  async discard(data: string, why: string): Promise<void> {
    await rm(data, { recursive: true, force: true });
    this.attempt(() => this.store?.remove(this.key));
    this.ctx.note(`the cached data directory ${this.key} is thrown away, and made anew: ${why}`);
  }

  /**
   * Packs a data directory whose server has been stopped in good order, where it is: usually in memory, where that
   * takes no time. Undefined when it cannot be kept.
   */
  async pack(data: string, archive: string): Promise<string | undefined> {
    if (this.store === undefined) return undefined;
    const problem = await this.tar(['-cf', archive, '-C', data, '.']);
    if (problem === undefined) return archive;
    this.ctx.note(`${NOT_KEPT}: ${problem}`);
    return undefined;
  }

  /**
   * Keeps what was packed, and removes the original. Nobody has to wait for that: a teardown does, so that a short run
   * leaves its copy too. Never rejects.
   */
  put(archive: string, what: string, secret: string): Promise<void> {
    this.putting = this.keep(archive, what, secret).catch((error: unknown) =>
      this.ctx.note(`${NOT_KEPT}: ${describeError(error)}`),
    );
    return this.putting;
  }

  private async keep(archive: string, what: string, secret: string): Promise<void> {
    const { store } = this;
    if (store === undefined) return;
    // NOTE: nothing is awaited before: a teardown that came between would not wait for what has not begun.
    this.ctx.defer('its data, kept for the next run', () => this.putting);
    const { size: bytes } = statSync(archive);
    const draft = store.draft(this.key);
    try {
      const room = tooLarge(bytes, dirname(draft.file));
      if (room !== undefined) throw new Error(room);
      await copyFile(archive, draft.file);
      faultPoint('postgres.caching');
      await draft.commit({ what, secret, bytes });
    } catch (error) {
      await draft.discard();
      throw error;
    }
    faultPoint('postgres.cached');
    store.shrink(MAX_BYTES, this.key);
    await rm(archive);
  }

  private unpack(archive: string, data: string): Promise<string | undefined> {
    mkdirSync(data);
    return this.tar(['-xpf', archive, '-C', data]);
  }

  /** Runs `tar`, which keeps owners; returns what went wrong. */
  private async tar(words: readonly string[]): Promise<string | undefined> {
    const { ctx } = this;
    const label = `${ctx.name}-tar`;
    const packing = await ctx.spawn({ run: ['tar', ...words], env: GNU, deathSignal: 'SIGKILL', oneShot: true, label });
    const exit = await orAbort(ctx.signal, packing.exited);
    return exit.code === 0 ? undefined : `tar ${describeExit(exit)}`;
  }

  private attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.ctx.note(`the cache of data directories cannot be used: ${describeError(error)}`);
      return undefined;
    }
  }
}

/** Words that only GNU tar reads: it leaves out what of a file is not written yet, and takes 256 KiB at a time. */
const GNU = { TAR_OPTIONS: '--sparse --blocking-factor=512' };

const NOT_KEPT = 'the data directory is not kept for the next run';

function wrongSize({ file, bytes }: Entry): string | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size === bytes ? undefined : `it has ${size} bytes, and should have ${bytes}`;
}

/**
 * The store of all data directories; undefined where the environment says nowhere to keep one.
 * @throws Error when its directory cannot be used
 */
export function openStore(env: Readonly<Record<string, string | undefined>>): Store | undefined {
  const dir = cacheDir(env);
  if (dir === undefined) return undefined;
  return new Store(join(dir, 'postgres'));
}

function tooLarge(bytes: number, dir: string): string | undefined {
  if (bytes > MAX_BYTES / 2) return `its ${bytes} bytes are more than half of what the cache may have`;
  const { bavail, bsize } = statfsSync(dir);
  // No more than half of what is free: others need it more.
  return bytes > (bavail * bsize) / 2 ? `there is too little room in ${dir}` : undefined;
}
