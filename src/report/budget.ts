/** Warns before a budget of time ends, and says at its end what it is spent on. */
import type { State } from '../coordinator/state.ts';
import type { Budgets } from '../protocol/plan.ts';
import type { Progress } from './fold.ts';
import { forecastStart, unbuilt, type Usual } from './forecast.ts';
import { duration } from './format.ts';
import { lacksOf } from './lacks.ts';
import { rows } from './rows.ts';

/** Part of a budget after which it is told how things stand, whatever the forecast says. */
const WARN_AT = 0.8;
const LOOK_MS = 250;
/** Of a list that is told. */
const SHOWN = 8;

export interface Budget {
  readonly phase: keyof Budgets;
  /** Milliseconds. */
  readonly ms: number;
  /** When the phase began, milliseconds since the epoch; of a start with builds, when these began. */
  readonly since: number;
  /** How long the starts of resources took before. */
  readonly usual: Usual;
  /** How long the whole phase took before, where that is all that is known; milliseconds. */
  readonly usually?: number;
}

/** Milliseconds. */
export interface Standing {
  readonly spent: number;
  /** What the phase is expected to take from now on. */
  readonly left: number;
}

/** How far it has come: nothing to say, a warning, or its end. */
export type Stage = 'fine' | 'short' | 'over';

/** What is spent of a budget, and what will be; undefined before its phase, and after it. */
export function standingOf(
  { phase, since, usual, usually = 0 }: Budget,
  state: State,
  now: number,
): Standing | undefined {
  const spent = now - since;
  const images = unbuilt(state);
  switch (phase) {
    case 'build':
      return images.length === 0 ? undefined : { spent, left: forecastStart({ ...state, wanted: images }, usual, now) };
    case 'start': {
      const built = Object.values(state.builds).map(({ to }) => to);
      return images.length > 0
        ? undefined
        : { spent: now - Math.max(since, ...built), left: forecastStart(state, usual, now) };
    }
    case 'specs':
    case 'teardown':
      return { spent, left: Math.max(0, usually - spent) };
  }
}

export function stageOf({ ms }: Pick<Budget, 'ms'>, { spent, left }: Standing): Stage {
  if (spent >= ms) return 'over';
  return spent >= WARN_AT * ms || spent + left > ms ? 'short' : 'fine';
}

/** What is told of it. @param underWay specs that run, or resources that stop, where that is known */
export function budgetLines(
  { phase, ms, usual }: Budget,
  { spent, left }: Standing,
  progress: Progress,
  underWay: readonly string[],
  now: number,
): readonly string[] {
  const forecast = left > 0 ? `; over in ${duration(left)}, if it goes as usual` : '';
  const head =
    spent >= ms
      ? `the budget of ${duration(ms)} for ${phase} is spent`
      : `${duration(spent)} of the ${duration(ms)} for ${phase} are spent${forecast}`;
  return [`greenroom: ${head}`, ...spentOn(phase, progress, usual, underWay, now)];
}

function spentOn(
  phase: Budget['phase'],
  progress: Progress,
  usual: Usual,
  underWay: readonly string[],
  now: number,
): readonly string[] {
  switch (phase) {
    case 'build':
      return starting(progress, usual, unbuilt(progress.state), now);
    case 'start':
      return starting(progress, usual, undefined, now);
    case 'specs':
      return [...shown('runs', underWay), ...waiting(progress.state, now)];
    case 'teardown':
      return shown('stops', underWay);
  }
}

/** @param only these; default: everything */
function starting(
  progress: Progress,
  usual: Usual,
  only: readonly string[] | undefined,
  now: number,
): readonly string[] {
  return rows(progress, now)
    .filter(({ tone, name }) => (tone === 'busy' || tone === 'idle') && only?.includes(name) !== false)
    .map(({ name, word, ms, detail }) => {
      const usually = usual[name] === undefined ? '' : `, usually ${duration(usual[name])}`;
      const since = ms === undefined ? '' : ` for ${duration(ms)}`;
      return `  · ${name} is ${word}${since}${usually}${detail === '' ? '' : `: ${detail}`}`;
    });
}

function shown(word: string, names: readonly string[]): readonly string[] {
  const more = names.length > SHOWN ? [`  · and ${names.length - SHOWN} more`] : [];
  return [...names.slice(0, SHOWN).map((name) => `  · ${word}: ${name}`), ...more];
}

function waiting(state: State, now: number): readonly string[] {
  return state.waiters.map((waiter) => {
    const { role, slot } = state.leases[waiter.lease] ?? {};
    const who = slot === undefined ? (role ?? 'somebody') : `the worker of slot ${slot}`;
    return `  · ${who} has waited ${duration(now - waiter.since)} for ${lacksOf(state, waiter).join(', ')}`;
  });
}

/** Looks at a budget until it is told that its phase is over. Each stage is told once. */
export function watchBudget(
  budget: Budget,
  latest: () => Progress | undefined,
  tell: (lines: readonly string[]) => void,
  underWay: () => readonly string[] = () => [],
): () => void {
  let told: Stage = 'fine';
  const look = setInterval(() => {
    const progress = latest();
    const now = Date.now();
    const standing = progress && standingOf(budget, progress.state, now);
    if (progress === undefined || standing === undefined) return;
    const stage = stageOf(budget, standing);
    if (stage === told || stage === 'fine') return;
    told = stage;
    tell(budgetLines(budget, standing, progress, underWay(), now));
    if (stage === 'over') clearInterval(look);
  }, LOOK_MS).unref();
  return () => clearInterval(look);
}
