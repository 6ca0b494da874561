import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverOf } from './edges.ts';
import { greenroom } from './greenroom.ts';
import { ended, report, reportsIn, start } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** What somebody once wrote into the service's file, with an address of another day. */
const OLD = { llm: { url: 'http://127.0.0.1:9/llm' }, search: { url: 'http://127.0.0.1:9/search' } };
/** Keys that the suite sets. */
const KEYS = 2;

/** A service reads a file, and the environment that a suite gives it has no effect. Nothing says so. */
export const R19: Story = {
  id: 'R19',
  title: 'config beats env: what the suite sets has no effect, silently',
  loss: 'keys without effect that nobody names',
  runs: 5,
  plain: (fault) => withFile(fault, byHand),
  greenroom: (fault) => withFile(fault, onGreenroom),
  expected: { 'keys named': KEYS },
};

interface Asked {
  readonly without: number;
}

async function withFile(fault: boolean, act: (stage: Stage) => Promise<Outcome>): Promise<Outcome> {
  return onStage('R19', async (stage) => {
    await writeFile(join(stage.dir, 'config.json'), JSON.stringify(fault ? OLD : {}, null, 2));
    return act(stage);
  });
}

async function byHand(stage: Stage): Promise<Outcome> {
  const [llm, search] = [
    await serverOf(stage, ['node', '../shared/server.mjs'], {}),
    await serverOf(stage, ['node', '../shared/server.mjs'], {}),
  ];
  const env = { LLM_URL: llm.url, SEARCH_URL: search.url };
  const api = await serverOf(stage, ['node', 'api.mjs'], env);
  const { without } = await report<Asked>(start(stage, 'suite', ['node', 'worker.mjs'], { ...env, API_URL: api.url }));
  for (const server of [api, search, llm]) await server.stop();
  return { total: KEYS, lost: without };
}

async function onGreenroom(stage: Stage): Promise<Outcome> {
  const { code, stdout, stderr } = await ended(greenroom(stage, 'run', ['run', '--', 'node', 'worker.mjs']));
  const named = [
    ...stderr.matchAll(/CONFIG_OVERRIDDEN key=(llm|search)\.url from=config\.json:\d+ wants=\S+ has=\S+/g),
  ];
  if (code === 11) return { total: KEYS, lost: KEYS - named.length, counts: { 'keys named': named.length } };
  const [asked] = reportsIn(stdout) as readonly Asked[];
  return { total: KEYS, lost: asked?.without ?? KEYS, counts: { 'keys named': named.length } };
}
