import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as working from '../../../fixtures/config/working/greenroom.config.ts';
import { loadConfig } from '../../../src/config/load.ts';

const root = fileURLToPath(new URL('../../../fixtures/config/working', import.meta.url));
const file = join(root, 'greenroom.config.ts');

test('finds, imports and checks the config, and fills in the defaults', async () => {
  const loaded = await loadConfig(join(root, 'deep'));
  expect(loaded).toEqual({
    file,
    root,
    config: { ...working.default, linger: 2000, leaseTimeout: 300_000, grace: 10_000, inputs: [], passEnv: [] },
  });
});

test('resource values stay the very same, so that `needs` can be told by identity', async () => {
  const { config } = await loadConfig(root, 'greenroom.config.ts');
  expect(config.resources['db']).toBe(working.db);
  expect(config.resources['api']?.needs['db']).toBe(working.db);
});
