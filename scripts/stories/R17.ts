import { byHand, findingsOf, onGreenroom, serverOf } from './edges.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Nearly all of the time of a suite goes into requests that wait for a body which never comes, and nobody says so. */
export const R17: Story = {
  id: 'R17',
  title: 'requests that hang: a Content-Length that is longer than the body',
  loss: 'requests that hang without a name, or are called so and do not',
  runs: 3,
  plain: (fault) => onStage('R17', (stage) => plain(stage, fault)),
  greenroom: (fault) => onStage('R17', (stage) => recorded(stage, fault)),
};

interface Asked {
  readonly hung: number;
}

const REQUESTS = 6;
const envOf = (fault: boolean): { readonly FAULT: string } => ({ FAULT: fault ? '1' : '0' });

async function plain(stage: Stage, fault: boolean): Promise<Outcome> {
  const server = await serverOf(stage, ['node', 'server.mjs'], envOf(fault));
  const [{ hung } = { hung: 0 }] = await byHand<Asked>(stage, 1, { API_URL: server.url });
  await server.stop();
  return { total: REQUESTS, lost: hung };
}

async function recorded(stage: Stage, fault: boolean): Promise<Outcome> {
  const [{ hung } = { hung: Number.NaN }] = await onGreenroom<Asked>(stage, 1, envOf(fault));
  const findings = await findingsOf(stage);
  const named = findings.reduce(
    (sum, { code, text }) => sum + (code === 'REQUEST_HUNG' ? Number.parseInt(text) : 0),
    0,
  );
  return { total: REQUESTS, lost: Math.abs(hung - named), counts: { named }, notes: findings.map(({ text }) => text) };
}
