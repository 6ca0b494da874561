/** What `run`, `up` and `exec` have in common: join, wait until all is ready, and show how that goes. */
import { randomBytes } from 'node:crypto';
import { join } from '../client/join.ts';
import type { Session } from '../client/session.ts';
import { loadConfig } from '../config/load.ts';
import { toPlan } from '../config/plan.ts';
import { unknownName } from '../config/unknown-name.ts';
import { watchStart } from '../gather/budget.ts';
import { gatesOver } from '../gates/over.ts';
import { GreenroomError, isGreenroomError } from '../protocol/failure.ts';
import type { ReadyReply } from '../protocol/messages.ts';
import type { Plan } from '../protocol/plan.ts';
import { dated } from '../report/earlier.ts';
import type { Progress } from '../report/fold.ts';
import { follow, type Step } from '../report/follow.ts';
import { headline } from '../report/headline.ts';
import { createReporter, type ProgressMode } from '../report/reporter.ts';
import { answered } from './answered.ts';
import { gatherFor } from './gathering.ts';
import { say } from './print.ts';
import type { Signals } from './signals.ts';

export interface StartOptions {
  readonly config: string | undefined;
  /** undefined: all of the config. */
  readonly needs?: readonly string[] | undefined;
  readonly progress: ProgressMode;
  /** Copies the run will have, for budgets. */
  readonly workers?: number;
  /** Wait for the gates over these resources too: what comes next are specs. */
  readonly gated?: boolean;
  /** Start again what has failed before. */
  readonly retry?: boolean;
}

export interface Started {
  readonly run: string;
  readonly plan: Plan;
  readonly session: Session;
  readonly ready: ReadyReply;
  /** Milliseconds after which a coordinator that has not answered a wait for all of it never will. */
  readonly patience: number;
  /** Milliseconds between the levels in which a command is ended. */
  readonly grace: number;
  /** When this command began. */
  readonly start: number;
  /** The generation as it was last heard of. */
  readonly latest: () => Progress;
  /** From now on every step of the generation goes to `observer`. */
  readonly observe: (observer: (step: Step) => void) => void;
}

/** Joins or starts the infrastructure. Rejects with a GreenroomError, or with Interrupted. */
export function startUp(options: StartOptions, signals: Signals): Promise<Started> {
  return signals.unlessInterrupted(joinAndWait(options));
}

async function joinAndWait(options: StartOptions): Promise<Started> {
  const start = Date.now();
  const { config, needs = null, progress, workers, retry } = options;
  const loaded = await loadConfig(process.cwd(), config);
  const plan = await toPlan(loaded);
  checkNeeds(plan, needs);
  const gates = options.gated === true ? gatesOver(plan, needs) : [];
  const run = randomBytes(4).toString('hex');
  const session = await join(plan, { role: 'runner', run, ...(workers === undefined ? {} : { workers }) });
  if (progress !== 'quiet' && progress !== 'json') say(`greenroom: run ${run} · ${headline(session.welcome, start)}`);
  const reporter = createReporter(progress, process.stderr, start);
  let observer = (step: Step): void => reporter.show(step);
  let latest: Progress | undefined;
  try {
    const following = follow(session, (step) => {
      latest = step.progress;
      observer(step);
    });
    await answered('for its state', following);
    if (retry === true) await answered('to start again what failed', session.retry());
    const waiting = session.wait({ resources: needs, gates: gates.map((name) => ({ name })) });
    const patience = longest(plan);
    const over = watchStart({ plan, since: start, latest: () => latest, tell: say });
    const ready = await answered('whether all is ready', waiting, patience).finally(over);
    return {
      run,
      plan,
      session,
      ready,
      patience,
      grace: loaded.config.grace,
      start,
      latest: () => latest as Progress,
      observe: (next) => {
        observer = next;
      },
    };
  } catch (error) {
    reporter.end();
    if (isGreenroomError(error)) await gatherFor(session, plan, error.failure);
    session.close();
    if (!isGreenroomError(error) || latest === undefined) throw error;
    throw new GreenroomError(dated(error.failure, latest.state, start));
  } finally {
    reporter.end();
  }
}

function checkNeeds(plan: Plan, needs: readonly string[] | null): void {
  const known = Object.keys(plan.resources);
  const unknown = needs?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName('resource', unknown, known);
}

/** The coordinator has the resources' own deadlines; this one is for a coordinator that does not answer at all. */
function longest(plan: Plan): number {
  const spans = Object.values(plan.resources).map(({ startTimeout, stopTimeout }) => startTimeout + stopTimeout);
  const gates = Object.values(plan.gates).map(({ timeout }) => timeout);
  return spans.reduce((sum, ms) => sum + ms, Math.max(0, ...gates) + 10_000);
}
