import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readGeneration, type FoundGeneration } from '../client/generations.ts';
import type { Event } from '../coordinator/events.ts';
import { graphOf } from '../coordinator/graph-of-plan.ts';
import { readLedger } from '../coordinator/ledger.ts';
import { readEvents, readMarks, readPlan } from '../coordinator/read-records.ts';
import { initialState } from '../coordinator/reducer.ts';
import { isAlive } from '../platform/identity.ts';
import { makeDir } from '../platform/paths.ts';
import { ledgerName } from '../protocol/generation-file.ts';
import type { Plan } from '../protocol/plan.ts';
import { redact, redactorOf, secretsIn } from '../protocol/redact.ts';
import { advance, begin, type Progress } from '../report/fold.ts';
import type { Scene } from './collector.ts';
import type { GatherRequest } from './request.ts';
import type { Copy } from './workers.ts';

/** @param dir of the bundle */
export function sceneOf(request: GatherRequest, dir: string, copy: Copy): Scene {
  const { logDir, file, resources } = request;
  const generation = file === undefined ? undefined : readGeneration(file);
  const plan = readPlan(logDir);
  const events = readEvents(logDir);
  const progress = plan === undefined ? undefined : attempt(() => fold(plan, events));
  // What whoever asks for it has in its environment, its services may have been given, too.
  const secrets = [
    ...request.secrets,
    ...secretsIn(process.env),
    ...(generation === undefined ? [] : [generation.token]),
  ];
  const redactor = redactorOf(secrets);
  const write = async (path: string, text: string): Promise<void> => {
    makeDir(dirname(join(dir, path)));
    await writeFile(join(dir, path), redactor(text), { mode: 0o600 });
  };
  return {
    request,
    generation,
    plan,
    events,
    progress,
    marks: readMarks(logDir),
    pids: pidsOf(generation, progress),
    wants: (resource) => resources === undefined || resources.includes(resource),
    write,
    // The text as a whole is JSON no more once it is made free of secrets.
    writeJson: async (path, value) => {
      makeDir(dirname(join(dir, path)));
      await writeFile(join(dir, path), `${JSON.stringify(redact(value, redactor), undefined, 2)}\n`, { mode: 0o600 });
    },
    copy: async (source, path, ranges) => {
      makeDir(dirname(join(dir, path)));
      await copy({ source, target: join(dir, path), ranges, secrets });
    },
  };
}

function fold(plan: Plan, events: readonly Event[]): Progress {
  return events.reduce((progress, event) => advance(progress, event).progress, begin(initialState(graphOf(plan))));
}

/** A pid is only looked at where the generation lives: later it may be somebody else's. */
function pidsOf(generation: FoundGeneration | undefined, progress: Progress | undefined): readonly number[] {
  if (generation === undefined) return [];
  const started = readLedger(join(dirname(generation.file), ledgerName(generation.generation)))
    .flatMap((entry) => (entry.type === 'process' ? [entry] : []))
    .filter(isAlive);
  const members = Object.values(progress?.state.leases ?? {});
  const coordinator = isAlive(generation) ? [generation, ...members] : members;
  return [...coordinator, ...started].map(({ pid }) => pid);
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined; // the collector that needs it says so
  }
}
