import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small file system of a test's or a story's own; needs root, which CI is. */
export class SmallDisk {
  readonly dir: string;

  /** @param size As `mount` takes it. */
  constructor(dir: string, size = '256k') {
    this.dir = dir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', dir]);
  }

  /** Writes until not a byte is free. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.dir);
    writeFileSync(join(this.dir, 'ballast'), Buffer.alloc(bavail * bsize));
    assert.equal(statfsSync(this.dir).bavail, 0);
  }

  free(): void {
    rmSync(join(this.dir, 'ballast'));
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.dir]);
  }
}
