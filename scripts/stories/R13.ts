import { serverOf, type Env } from './edges.ts';
import { greenroom } from './greenroom.ts';
import { ended, report, reportsIn, said, start } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** A health check that throws says as much as one that says no; only the second one is commonly acted on. */
export const R13: Story = {
  id: 'R13',
  title: 'two services fall ill: the check of one says so, the check of the other throws',
  loss: 'services not healed',
  runs: 5,
  expected: { heals: 2 },
  plain: (fault) => onStage('R13', (stage) => managed(stage, { FAULT: fault ? '1' : '0' })),
  greenroom: (fault) => onStage('R13', (stage) => healed(stage, { FAULT: fault ? '1' : '0' })),
};

interface Report {
  readonly states: readonly State[];
}

/** How a service is after its checks. */
interface State {
  readonly ill: boolean;
  readonly heals: number;
}

async function managed(stage: Stage, env: Env): Promise<Outcome> {
  const services = [
    await serverOf(stage, ['node', 'service.mjs'], {}),
    await serverOf(stage, ['node', 'service.mjs'], {}),
  ];
  const [returning, throwing] = services;
  const urls = { RETURNS_URL: returning?.url ?? '', THROWS_URL: throwing?.url ?? '' };
  const manager = start(stage, 'manager', ['node', 'manager.mjs'], urls);
  await said(manager, 'watching');
  const { states } = await report<Report>(start(stage, 'suite', ['node', 'worker.mjs'], { ...env, ...urls }));
  manager.process.kill('SIGKILL');
  await manager.process;
  for (const { stop } of services) await stop();
  return outcomeOf(states);
}

async function healed(stage: Stage, env: Env): Promise<Outcome> {
  const { stdout } = await ended(greenroom(stage, 'suite', ['run', '--', 'node', 'worker.mjs'], env));
  const [reported] = reportsIn(stdout) as readonly Report[];
  return outcomeOf(reported?.states ?? []);
}

function outcomeOf(states: readonly State[]): Outcome {
  return {
    total: 2,
    lost: 2 - states.filter(({ ill }) => !ill).length,
    counts: { heals: states.reduce((sum, { heals }) => sum + heals, 0) },
  };
}
