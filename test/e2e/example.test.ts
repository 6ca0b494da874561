import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/example.ts', import.meta.url));

test('the example passes and proves what it says', async () => {
  const { all, exitCode } = await execa(process.execPath, [SCRIPT], {
    extendEnv: false,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    all: true,
    reject: false,
    timeout: 110_000,
  });
  expect(exitCode, all).toBe(0);
  for (const claim of [
    /✔ infrastructure started once/,
    /✔ each worker had its own  +2 parts for each of 12, 24 in all/,
    /✔ \d+ leases at the peak/,
    /✔ \d+ of 12 files held at the gate/,
    /✔ all specs passed/,
    /✔ teardown after the last worker/,
    /✔ nothing left/,
  ]) {
    expect(all).toMatch(claim);
  }
});
