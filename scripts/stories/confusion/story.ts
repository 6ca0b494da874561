import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ended, said, start } from '../processes.ts';
import { onStage, quietPort, type Stage } from '../stage.ts';
import type { Outcome, Story } from '../story.ts';
import { runVitest, summaryOf, type VitestReport } from '../vitest.ts';
import { allCases, type Case, isOwn, right, type Said } from './cases.ts';

/** Of one Vitest process. */
const CASES_A_RUN = 12;
/** Vitest processes at once. */
const LANES = 2;

/** Every kind of fault of the infrastructure with every kind of fault of a spec: whose fault is it called? */
export const confusion = confusionOf(allCases());

/** The story with these cases. */
export function confusionOf(cases: readonly Case[]): Story {
  const without = cases.filter(({ infra, test }) => infra === 'none' && test !== 'crash');
  const chosen = (fault: boolean): readonly Case[] => (fault ? cases : without);
  return {
    id: 'confusion',
    title: 'faults of the infrastructure, of specs, of clean-ups, time-outs and crashes: whose fault is it called?',
    loss: 'cases of which something wrong is said',
    runs: 1,
    headline: ['cases', 'right', 'logicCalledInfra', 'unsure'],
    expected: { logicCalledInfra: 0 },
    tolerated: 0.01,
    plain: async (fault) => inParts(chosen(fault), byHand),
    greenroom: async (fault) => inParts(chosen(fault), onGreenroom),
  };
}

type Answer = readonly [Case, Said | undefined];

async function inParts(
  cases: readonly Case[],
  play: (stage: Stage, part: readonly Case[]) => Promise<readonly Answer[]>,
): Promise<Outcome> {
  const parts = Array.from({ length: Math.ceil(cases.length / CASES_A_RUN) }, (_, index) =>
    cases.slice(index * CASES_A_RUN, (index + 1) * CASES_A_RUN),
  ).values();
  const answers: Answer[] = [];
  const lane = async (): Promise<void> => {
    for (const part of parts) answers.push(...(await onStage('confusion', (stage) => play(stage, part))));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomeOf(answers);
}

function outcomeOf(answers: readonly Answer[]): Outcome {
  const wrong = answers.filter(([one, word]) => word === undefined || !right(one).includes(word));
  const blamed = answers.filter(([one, word]) => word === 'INFRA' && isOwn(one));
  return {
    total: answers.length,
    lost: wrong.length,
    counts: {
      cases: answers.length,
      right: answers.length - wrong.length,
      logicCalledInfra: blamed.length,
      unsure: answers.filter(([, word]) => word === 'UNSURE').length,
    },
    notes: wrong.map(([one, word]) => `${one.name}: called ${word ?? 'nothing'}, not ${right(one).join(' or ')}`),
  };
}

/** A crash takes the whole file with it, so each has a file of its own. */
async function layOut({ dir }: Stage, cases: readonly Case[]): Promise<void> {
  const crashes = cases.filter(({ test }) => test === 'crash');
  await writeFile(join(dir, 'cases.json'), JSON.stringify(cases));
  for (const [index, { name }] of crashes.entries()) {
    await copyFile(join(dir, 'cases.spec.mjs'), join(dir, `crash-${index}.spec.mjs`));
    await writeFile(join(dir, `crash-${index}.name`), name);
  }
}

/** Without Greenroom, all that fails looks like a failure of the tests, and a crash like nothing at all. */
async function byHand(stage: Stage, cases: readonly Case[]): Promise<readonly Answer[]> {
  await layOut(stage, cases);
  const ports = [String(await stage.port()), String(await stage.port())] as const;
  const services = start(stage, 'services', ['node', 'by-hand.mjs', ...ports]);
  await Promise.all(['up api', 'up other'].map((line) => said(services, line)));
  const [api, other] = ports.map((port) => `http://127.0.0.1:${port}`);
  try {
    const env = { API_URL: String(api), OTHER_URL: String(other), BY_HAND: '1', PORT_OF_NOBODY: await nobody() };
    const report = await runVitest(stage, 'vitest', ['--config', 'plain.config.mjs'], env);
    return cases.map((one) => [one, saidBy(report, one)]);
  } finally {
    services.process.kill('SIGTERM');
    await ended(services);
  }
}

function saidBy({ testResults }: VitestReport, { name }: Case): Said | undefined {
  const status = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find((spec) => spec.title === name)?.status;
  return status === 'passed' ? 'passed' : status === 'failed' ? 'LOGIC' : undefined;
}

async function onGreenroom(stage: Stage, cases: readonly Case[]): Promise<readonly Answer[]> {
  await layOut(stage, cases);
  const report = await runVitest(stage, 'vitest', ['--config', 'vitest.config.mjs'], {
    PORT_OF_NOBODY: await nobody(),
  });
  const { verdicts, interrupted } = summaryOf(stage);
  return cases.map((one) => {
    const judged = verdicts.find(({ name }) => name === one.name)?.verdict;
    const broken = interrupted.some(({ name }) => name === one.name);
    return [one, judged ?? (broken ? 'interrupted' : saidBy(report, one))];
  });
}

const nobody = async (): Promise<string> => String(await quietPort());
