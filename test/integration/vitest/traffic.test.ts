import { expect, test } from 'vitest';
import { vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
import { command, defineConfig } from 'greenroom';
const run = ['node', 'server.mjs'];
const api = command({ run, gateway: {} });
const datastore = command({ run, gateway: {} });
export default defineConfig({ resources: { api, datastore }, linger: 0 });
`;

const SPECS = `
import { expect } from 'vitest';
import { endpoint, test } from 'greenroom/vitest';
import { gateway } from 'greenroom/gateway';

test('before it', async () => {
  await fetch(endpoint('api').url);
});
test('writes to the store', async () => {
  await gateway(endpoint('api')).fault({ kind: 'status', status: 503, when: 'alternating' });
  const statuses = [];
  for (const path of ['/a', '/b']) statuses.push((await fetch(endpoint('api').url + path)).status);
  expect(statuses).toEqual([200, 200]);
});
`;

test('a failed spec says what of it reached the resources, and what went wrong there', async () => {
  await using project = vitestProject({
    'greenroom.config.ts': CONFIG,
    'specs/endpoints.test.ts': SPECS,
    'specs/gate.test.ts': `import { test } from 'vitest'; test('nothing', () => undefined);`,
    'specs/member.test.ts': `import { test } from 'vitest'; test('nothing', () => undefined);`,
  });
  const { output, exitCode } = await project.vitest('run');
  expect(exitCode, output).not.toBe(0);
  expect(output).toContain('↳ 2 requests reached api from this spec: 1 × 503 by the fault `status`, 1 × 200');
  expect(output).toContain('↳ 0 requests reached datastore from this spec');
});
