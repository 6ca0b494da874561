import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverOf, type Env } from './edges.ts';
import { greenroom } from './greenroom.ts';
import { ended, report, start } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const EVENTS = 100;
/** So many that no batch is left half full. */
const EVEN = 96;

/** A service that takes events and stores them in batches of six is ended before its last batch is full. */
export const R16: Story = {
  id: 'R16',
  title: 'batches: what was accepted is not stored when the service ends, or its storage is killed',
  loss: 'events lost without a word',
  runs: 5,
  plain: (fault) => inBoth(fault, plain),
  greenroom: (fault) => inBoth(fault, drained),
};

/** What became of one suite. */
interface Kept {
  readonly events: number;
  readonly stored: number;
  /** How many somebody was told to be lost. */
  readonly told: number;
}

type Act = (stage: Stage, env: Env) => Promise<number>;

async function inBoth(fault: boolean, act: Act): Promise<Outcome> {
  const events = fault ? EVENTS : EVEN;
  const ends = await suite(events, false, act);
  const killed = fault ? await suite(events, true, act) : undefined;
  const all = [ends, ...(killed === undefined ? [] : [killed])];
  const sum = (count: (kept: Kept) => number): number => all.reduce((total, kept) => total + count(kept), 0);
  return {
    total: sum(({ events: some }) => some),
    lost: sum(({ events: some, stored, told }) => some - stored - told),
    counts: {
      'not stored at the end': ends.events - ends.stored,
      ...(killed === undefined ? {} : { 'not stored, storage killed': killed.events - killed.stored }),
      'told by name': sum(({ told }) => told),
    },
  };
}

function suite(events: number, kill: boolean, act: Act): Promise<Kept> {
  return onStage('R16', async (stage) => {
    const told = await act(stage, { EVENTS: String(events), KILL: kill ? '1' : '0' });
    const stored = readFileSync(join(stage.dir, 'stored.log'), 'utf8').trimEnd().split('\n').length;
    return { events, stored, told };
  });
}

async function plain(stage: Stage, env: Env): Promise<number> {
  const storage = await serverOf(stage, ['node', 'storage.mjs'], {});
  const audit = await serverOf(stage, ['node', 'audit.mjs'], { STORAGE_URL: storage.url });
  await report(start(stage, 'suite', ['node', 'worker.mjs'], { ...env, AUDIT_URL: audit.url }));
  await audit.stop();
  await storage.stop();
  return 0;
}

async function drained(stage: Stage, env: Env): Promise<number> {
  const { stderr } = await ended(greenroom(stage, 'suite', ['run', '--', 'node', 'worker.mjs'], env));
  return Number(/audit was flushed, and (\d+) of \d+ that it had accepted are lost/.exec(stderr)?.[1] ?? 0);
}
