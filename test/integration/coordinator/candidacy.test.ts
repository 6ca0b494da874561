import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Plan } from '../../../src/protocol/plan.ts';
import { stand } from '../../../src/coordinator/candidacy.ts';

const ROUNDS = 300;

test('a candidate whose draft the winner has swept away has lost, and no more', async () => {
  const keyDir = mkdtempSync(join(tmpdir(), 'gr-'));
  writeFileSync(join(keyDir, 'gen-1.json'), '{}');
  const draft = join(keyDir, `claim-1-${process.pid}`);
  const sweeper = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const { rmSync } = require('node:fs');
     parentPort.postMessage('sweeping');
     for (;;) rmSync(workerData, { force: true });`,
    { eval: true, workerData: draft },
  );
  try {
    await once(sweeper, 'message');
    const plan = { key: '0'.repeat(16), resources: {} } as Plan;
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await stand({ plan, keyDir, generation: 1, logDir: keyDir }, createServer())).toBeUndefined();
    }
  } finally {
    await sweeper.terminate();
    rmSync(keyDir, { recursive: true, force: true });
  }
});
