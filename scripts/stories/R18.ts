import { byHand, findingsOf, onGreenroom, serverOf } from './edges.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** A service decides 400, a layer in front of it makes 401 of that, and the search begins at the credentials. */
export const R18: Story = {
  id: 'R18',
  title: 'a status that is changed on the way: 400 becomes 401',
  loss: 'answers of which nobody knows that they were changed',
  runs: 3,
  plain: (fault) => onStage('R18', (stage) => plain(stage, fault)),
  greenroom: (fault) => onStage('R18', (stage) => recorded(stage, fault)),
};

interface Asked {
  readonly statuses: readonly number[];
}

const REQUESTS = 4;
const envOf = (fault: boolean): { readonly FAULT: string } => ({ FAULT: fault ? '1' : '0' });
const changedIn = ([asked]: readonly Asked[]): number =>
  asked === undefined ? Number.NaN : asked.statuses.filter((status) => status !== 400).length;

async function plain(stage: Stage, fault: boolean): Promise<Outcome> {
  const api = await serverOf(stage, ['node', 'api.mjs'], {});
  const front = await serverOf(stage, ['node', 'front.mjs'], { ...envOf(fault), API_URL: api.url });
  const changed = changedIn(await byHand<Asked>(stage, 1, { FRONT_URL: front.url }));
  await Promise.all([api.stop(), front.stop()]);
  return { total: REQUESTS, lost: changed };
}

async function recorded(stage: Stage, fault: boolean): Promise<Outcome> {
  const changed = changedIn(await onGreenroom<Asked>(stage, 1, envOf(fault)));
  const findings = await findingsOf(stage);
  const told = 'api answered 400 to POST /login, and front in front of it made 401 of that';
  const named = findings.filter(({ code, text }) => code === 'STATUS_CHANGED' && text === told).length;
  return { total: REQUESTS, lost: Math.abs(changed - named), counts: { named } };
}
