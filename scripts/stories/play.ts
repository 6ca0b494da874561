import type { Outcome, Story } from './story.ts';

/** One variant over all its runs. */
export interface Tally {
  readonly total: number;
  readonly lost: number;
  readonly runs: number;
  /** Runs in which something was lost. */
  readonly runsHit: number;
  readonly [count: string]: number;
}

export interface Result {
  readonly story: string;
  readonly baseline: Tally;
  /** Without the fault both ways must pass. */
  readonly control: { readonly plain: Tally; readonly greenroom: Tally };
  readonly greenroom: Tally;
  readonly ok: boolean;
  /** The story's headline. */
  readonly [count: string]: unknown;
}

/** All runs of a story, with why it is not ok where it is not. */
export interface Played {
  readonly outcomes: Readonly<Record<Variant, readonly Outcome[]>>;
  readonly result: Result;
  readonly complaints: readonly string[];
}

const VARIANTS = {
  baseline: (story) => story.plain(true),
  control: (story) => story.plain(false),
  'control on Greenroom': (story) => story.greenroom(false),
  greenroom: (story) => story.greenroom(true),
} as const satisfies Record<string, (story: Story) => Promise<Outcome>>;

export type Variant = keyof typeof VARIANTS;
export const variants = Object.keys(VARIANTS) as readonly Variant[];

/** Plays all variants of a story `runs` times, interleaved, so that a busy machine is busy for all of them. */
export async function play(
  story: Story,
  runs: number,
  onOutcome: (variant: Variant, run: number, outcome: Outcome) => void = () => undefined,
): Promise<Played> {
  const outcomes: Record<Variant, Outcome[]> = {
    baseline: [],
    control: [],
    'control on Greenroom': [],
    greenroom: [],
  };
  for (let run = 1; run <= runs; run += 1) {
    for (const variant of variants) {
      const outcome = await VARIANTS[variant](story);
      outcomes[variant].push(outcome);
      onOutcome(variant, run, outcome);
    }
  }
  const complaints = judge(story, outcomes);
  const greenroom = tally(outcomes.greenroom);
  const result: Result = {
    story: story.id,
    ...Object.fromEntries((story.headline ?? []).map((count) => [count, greenroom[count]])),
    baseline: tally(outcomes.baseline),
    control: { plain: tally(outcomes.control), greenroom: tally(outcomes['control on Greenroom']) },
    greenroom,
    ok: complaints.length === 0,
  };
  return { outcomes, result, complaints };
}

function judge(story: Story, outcomes: Readonly<Record<Variant, readonly Outcome[]>>): readonly string[] {
  const complaints: string[] = [];
  if (tally(outcomes.baseline).lost === 0) {
    complaints.push('the baseline did not fail: the story proves nothing here');
  }
  for (const variant of ['control', 'control on Greenroom', 'greenroom'] as const) {
    const { lost, total, runsHit, runs } = tally(outcomes[variant]);
    const tolerated = variant === 'greenroom' ? total * (story.tolerated ?? 0) : 0;
    if (lost > tolerated)
      complaints.push(`${variant}: ${lost} of ${total} ${story.loss}, in ${runsHit} of ${runs} runs`);
    if (total === 0) complaints.push(`${variant}: nothing was run`);
  }
  for (const [count, expected] of Object.entries(story.expected ?? {})) {
    outcomes.greenroom.forEach((outcome, index) => {
      const got = outcome.counts?.[count];
      if (got !== expected)
        complaints.push(`greenroom, run ${index + 1}: ${count} ${got ?? 'not counted'}, not ${expected}`);
    });
  }
  return complaints;
}

function tally(outcomes: readonly Outcome[]): Tally {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    for (const [name, value] of Object.entries(outcome.counts ?? {})) counts[name] = (counts[name] ?? 0) + value;
  }
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    ...counts,
    total: sum(({ total }) => total),
    lost: sum(({ lost }) => lost),
    runs: outcomes.length,
    runsHit: outcomes.filter(({ lost }) => lost > 0).length,
  };
}
