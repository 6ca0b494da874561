/** Warns before a budget of time ends, and says at its end what it is spent on. */
import type { Progress } from './fold.ts';
import { forecastStart, type Usual } from './forecast.ts';
import { duration } from './format.ts';
import { lacksOf } from './lacks.ts';
import { rows } from './rows.ts';

/** Part of a budget after which it is told how things stand, whatever the forecast says. */
const WARN_AT = 0.8;
const LOOK_MS = 250;
/** Of a list that is told. */
const SHOWN = 8;

export interface Budget {
  readonly phase: 'start' | 'specs';
  /** Milliseconds. */
  readonly ms: number;
  /** When the phase began, milliseconds since the epoch. */
  readonly since: number;
  /** How long starts took before. */
  readonly usual: Usual;
}

/** How far it has come: nothing to say, a warning, or its end. */
export type Stage = 'fine' | 'short' | 'over';

/** Where a budget stands. @param left what the phase is expected to take from now on, in milliseconds */
export function stageOf({ ms, since }: Budget, left: number, now: number): Stage {
  const spent = now - since;
  if (spent >= ms) return 'over';
  return spent >= WARN_AT * ms || spent + left > ms ? 'short' : 'fine';
}

/** What is told of it. @param running specs that run, where that is known */
export function budgetLines(
  budget: Budget,
  stage: 'short' | 'over',
  progress: Progress,
  running: readonly string[],
  now: number,
): readonly string[] {
  const { phase, ms, since, usual } = budget;
  const spent = duration(now - since);
  const left = phase === 'start' ? forecastStart(progress.state, usual, now) : 0;
  const forecast = left > 0 ? `; ready in ${duration(left)}, if it goes as usual` : '';
  const head =
    stage === 'over'
      ? `the budget of ${duration(ms)} for ${phase} is spent`
      : `${spent} of the ${duration(ms)} for ${phase} are spent${forecast}`;
  return [
    `greenroom: ${head}`,
    ...(phase === 'start' ? starting(progress, usual, now) : inUse(progress, running, now)),
  ];
}

function starting(progress: Progress, usual: Usual, now: number): readonly string[] {
  return rows(progress, now)
    .filter(({ tone }) => tone === 'busy' || tone === 'idle')
    .map(({ name, word, ms, detail }) => {
      const usually = usual[name] === undefined ? '' : `, usually ${duration(usual[name])}`;
      const since = ms === undefined ? '' : ` for ${duration(ms)}`;
      return `  · ${name} is ${word}${since}${usually}${detail === '' ? '' : `: ${detail}`}`;
    });
}

function inUse({ state }: Progress, running: readonly string[], now: number): readonly string[] {
  const waiting = state.waiters.map((waiter) => {
    const { role, slot } = state.leases[waiter.lease] ?? {};
    const who = slot === undefined ? (role ?? 'somebody') : `the worker of slot ${slot}`;
    return `  · ${who} has waited ${duration(now - waiter.since)} for ${lacksOf(state, waiter).join(', ')}`;
  });
  const more = running.length > SHOWN ? [`  · and ${running.length - SHOWN} more run`] : [];
  return [...running.slice(0, SHOWN).map((name) => `  · runs: ${name}`), ...more, ...waiting];
}

/** Looks at a budget until it is told that its phase is over. Each stage is told once. */
export function watchBudget(
  budget: Budget,
  latest: () => Progress | undefined,
  tell: (lines: readonly string[]) => void,
  running: () => readonly string[] = () => [],
): () => void {
  let told: Stage = 'fine';
  const look = setInterval(() => {
    const progress = latest();
    const now = Date.now();
    if (progress === undefined) return;
    const left = budget.phase === 'start' ? forecastStart(progress.state, budget.usual, now) : 0;
    const stage = stageOf(budget, left, now);
    if (stage === told || stage === 'fine') return;
    told = stage;
    tell(budgetLines(budget, stage, progress, running(), now));
    if (stage === 'over') clearInterval(look);
  }, LOOK_MS).unref();
  return () => clearInterval(look);
}
