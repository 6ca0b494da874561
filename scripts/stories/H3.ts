import { byHand, onGreenroom, serverOf } from './edges.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 4;

/** Specs of a breaker want half of all calls to fail; by chance, three in a row fail in nearly every run. */
export const H3: Story = {
  id: 'H3',
  title: 'half of all calls fail: a breaker with threshold 3 must stay closed',
  loss: 'breakers that open',
  runs: 5,
  plain: (fault) => onStage('H3', (stage) => plain(stage, fault)),
  greenroom: (fault) => onStage('H3', (stage) => scripted(stage, fault)),
};

interface Called {
  readonly opened: boolean;
  readonly ok: number;
}

async function plain(stage: Stage, fault: boolean): Promise<Outcome> {
  const server = await serverOf(stage, ['node', 'server.mjs'], { RANDOM: fault ? '0.5' : '0' });
  const called = await byHand<Called>(stage, PROCESSES, { API_URL: server.url });
  await server.stop();
  return outcomeOf(called);
}

async function scripted(stage: Stage, fault: boolean): Promise<Outcome> {
  return outcomeOf(await onGreenroom<Called>(stage, PROCESSES, { FAULT: fault ? '1' : '0' }));
}

function outcomeOf(called: readonly Called[]): Outcome {
  const closed = called.filter(({ opened }) => !opened).length;
  return { total: PROCESSES, lost: PROCESSES - closed, counts: { ok: called.reduce((sum, { ok }) => sum + ok, 0) } };
}
