import { byHand, onGreenroom, serverOf, type Env } from './edges.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 12;
const CALLS = 4;

/** In no process do two calls in a row fail; where all share one breaker, twelve do. */
export const R12: Story = {
  id: 'R12',
  title: 'every other call fails: one circuit breaker for twelve processes opens for all',
  loss: 'calls refused',
  runs: 5,
  plain: (fault) => onStage('R12', (stage) => shared(stage, { FAULT: fault ? '1' : '0' })),
  greenroom: (fault) => onStage('R12', (stage) => own(stage, { FAULT: fault ? '1' : '0' })),
};

interface Called {
  readonly reached: number;
}

async function shared(stage: Stage, env: Env): Promise<Outcome> {
  const api = await serverOf(stage, ['node', 'server.mjs'], { ...env, MEET: String(PROCESSES) });
  const breaker = await serverOf(stage, ['node', 'breaker.mjs'], { API_URL: api.url });
  const called = await byHand<Called>(stage, PROCESSES, { API_URL: api.url, BREAKER_URL: breaker.url });
  await breaker.stop();
  await api.stop();
  return outcomeOf(called);
}

async function own(stage: Stage, env: Env): Promise<Outcome> {
  return outcomeOf(await onGreenroom<Called>(stage, PROCESSES, env));
}

function outcomeOf(called: readonly Called[]): Outcome {
  const total = PROCESSES * CALLS;
  return { total, lost: total - called.reduce((sum, { reached }) => sum + reached, 0) };
}
