import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withContainers, type ByHand } from './containers.ts';
import { greenroom } from './greenroom.ts';
import { ended, report, reportsIn, start } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const SPECS = 12;
const SUITE = ['node', 'suite.mjs'] as const;

interface Specs {
  readonly passed: number;
  readonly failed: number;
}

/** A server listens on its container's own loopback address: healthy for itself, refused for everybody else. */
export const R4: Story = {
  id: 'R4',
  title: 'bound to 127.0.0.1 in its container: healthy inside, refused for everybody else',
  loss: 'specs lost',
  runs: 3,
  expected: { started: 0, 'named INFRA_BIND_LOOPBACK': 1, 'named the line to change': 1 },
  plain: (fault) => withContainers('R4', (stage, byHand) => plain(stage, byHand, hostWith(fault))),
  greenroom: (fault) => withContainers('R4', (stage) => shared(stage, hostWith(fault))),
};

const hostWith = (fault: boolean): string => (fault ? '127.0.0.1' : '0.0.0.0');

async function plain(stage: Stage, byHand: ByHand, HOST: string): Promise<Outcome> {
  const network = await byHand.network('net');
  const neighbour = await byHand.start('neighbour', { network });
  // It is started when it is healthy by a check that runs inside of it, and its port is published.
  const api = await byHand.start('api', { network, env: { HOST }, published: true });
  const { passed } = await report<Specs>(start(stage, 'suite', SUITE, { API_URL: await byHand.urlOf(api) }));
  const asked = await byHand.ask(neighbour, 'http://api:8080/health');
  return {
    total: SPECS,
    lost: SPECS - passed,
    counts: { 'healthy inside': 1, 'refused for a neighbour': Number(asked === 'ECONNREFUSED') },
  };
}

async function shared(stage: Stage, host: string): Promise<Outcome> {
  writeFileSync(join(stage.dir, 'host'), host);
  const { stdout, stderr } = await ended(greenroom(stage, 'run', ['run', '--', ...SUITE]));
  const [specs = { passed: 0, failed: 0 }] = reportsIn(stdout) as readonly Specs[];
  const named = stderr.includes('INFRA_BIND_LOOPBACK');
  return {
    total: SPECS,
    // What was not started for a reason that is named is not lost.
    lost: named ? specs.failed : SPECS - specs.passed,
    counts: {
      started: specs.passed + specs.failed,
      'named INFRA_BIND_LOOPBACK': Number(named),
      'named the line to change': Number(stderr.includes('HOST is 127.0.0.1: make it 0.0.0.0')),
    },
    notes: stderr.split('\n').filter((line) => line.includes('INFRA_')),
  };
}
