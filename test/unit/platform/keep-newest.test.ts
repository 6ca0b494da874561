import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepNewest } from '../../../src/platform/keep-newest.ts';

test('only the newest entries stay, and those that are spared', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gr-newest-'));
  try {
    for (const [age, name] of ['d', 'c', 'b', 'a'].entries()) {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, 'summary.json'), '{}');
      utimesSync(join(dir, name), 1_000 - age, 1_000 - age);
    }
    keepNewest(dir, 1, new Set([join(dir, 'a')]));
    expect(readdirSync(dir).toSorted()).toEqual(['a', 'd']);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
