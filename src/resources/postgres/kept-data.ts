/** Data directories with a sealed template in them, kept across runs in the user's cache. */
import { statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir } from '../../platform/cache-dir.ts';
import { faultPoint } from '../../platform/fault.ts';
import { describeError } from '../../protocol/failure.ts';
import { MAX_BYTES, measure, Store } from '../cache/store.ts';
import type { Exit, ManagedProcess, ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';

/** Keeps the data directories of one resource. A cache that does not work costs time and nothing else. */
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

  /** Bytes of the entry that `take` would copy; 0 without one. */
  get bytes(): number {
    return this.attempt(() => this.store?.find(this.key)?.bytes) ?? 0;
  }

  /** Copies the entry to where it is used, and returns the password in it; undefined when there is none that is whole. */
  async take(data: string): Promise<string | undefined> {
    const entry = this.attempt(() => this.store?.find(this.key));
    if (entry === undefined) {
      // Without a manifest it is no entry, and would only be in the way of a new one.
      this.attempt(() => this.store?.remove(this.key));
      return undefined;
    }
    const copying = await startCopy(entry.data, data, this.ctx);
    const problem = failureOf(await orAbort(this.ctx.signal, copying.exited)) ?? difference(data, entry);
    if (problem === undefined) return entry.secret;
    await this.discard(data, problem);
    return undefined;
  }

  /** Throws the entry away, and the copy of it. */
  async discard(copy: string, why: string): Promise<void> {
    await rm(copy, { recursive: true, force: true });
    this.attempt(() => this.store?.remove(this.key));
    this.ctx.note(`the cached data directory ${this.key} is thrown away, and made anew: ${why}`);
  }

  /** Whether there is a place to keep anything in. */
  get isOpen(): boolean {
    return this.store !== undefined;
  }

  /**
   * Keeps a copy of a data directory whose server has been stopped in good order, and removes the original. Nobody has
   * to wait for that: a teardown does, so that a short run leaves its copy too. Never rejects.
   */
  put(data: string, what: string, secret: string): Promise<void> {
    this.putting = this.keep(data, what, secret).catch((error: unknown) =>
      this.ctx.note(`the data directory is not kept for the next run: ${describeError(error)}`),
    );
    return this.putting;
  }

  private async keep(data: string, what: string, secret: string): Promise<void> {
    const { store } = this;
    if (store === undefined) return;
    const size = measure(data);
    const draft = store.draft(this.key);
    try {
      const room = tooLarge(size.bytes, dirname(draft.data));
      if (room !== undefined) throw new Error(room);
      // Without waiting for anything before: a teardown that came between would not wait for what has not begun. Steps
      // run in reverse, so this one is before that which would stop `cp`.
      const copying = startCopy(data, draft.data, this.ctx);
      this.ctx.defer('its data, kept for the next run', () => this.putting);
      const problem = failureOf(await (await copying).exited) ?? difference(draft.data, size);
      if (problem !== undefined) throw new Error(problem);
      faultPoint('postgres.caching');
      await draft.commit({ what, secret, ...size });
    } catch (error) {
      await draft.discard();
      throw error;
    }
    faultPoint('postgres.cached');
    store.shrink(MAX_BYTES, this.key);
    await rm(data, { recursive: true, force: true });
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

/** A process that copies a directory: `cp` keeps the owner, and shares the blocks where the file system can. */
export function startCopy(from: string, to: string, ctx: ResourceContext): Promise<ManagedProcess> {
  return ctx.spawn({ run: ['cp', '-a', from, to], deathSignal: 'SIGKILL', oneShot: true, label: `${ctx.name}-copy` });
}

const failureOf = (exit: Exit): string | undefined =>
  exit.code === 0 ? undefined : `copying it ${describeExit(exit)}`;

function difference(copy: string, whole: { readonly files: number; readonly bytes: number }): string | undefined {
  const { files, bytes } = measure(copy);
  if (files === whole.files && bytes === whole.bytes) return undefined;
  return `it has ${files} files of ${bytes} bytes, and should have ${whole.files} of ${whole.bytes}`;
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
