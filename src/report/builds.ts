/** What became of the images, for people. Cold and warm builds are never added up: a cache is no speed of ours. */
import type { Graph, State } from '../coordinator/state.ts';
import type { BuildFact } from '../protocol/build.ts';
import { duration } from './format.ts';
import { overlapOf } from './overlap.ts';

type Builds = State['builds'];

/** `built cold`, `built warm, 3 of 4 steps kept`, `unchanged, built 2h07m ago`. */
export function buildText({ how, steps, cached, madeAt }: BuildFact, now: number): string {
  if (how === 'unchanged') return `unchanged, built ${duration(now - madeAt)} ago`;
  return how === 'cold' ? 'built cold' : `built warm, ${cached} of ${steps} steps kept`;
}

/** One line each for cold builds, warm builds and what was there, and one for what it gained to build at once. */
export function buildLines(graph: Pick<Graph, 'resources'>, builds: Builds): readonly string[] {
  const parts = (['cold', 'warm', 'unchanged'] as const).flatMap((how) => {
    const names = Object.keys(builds).filter((name) => builds[name]?.how === how);
    if (names.length === 0) return [];
    const word = how === 'unchanged' ? how : `built ${how}`;
    return [`${word} ${names.map((name) => partText(name, builds[name] as BuildFact)).join(', ')}`];
  });
  const gained = (['cold', 'warm'] as const).flatMap((how) => overlapText(graph, builds, how));
  return [...(parts.length === 0 ? [] : [`images: ${parts.join(' · ')}`]), ...gained];
}

function partText(name: string, { how, from, to, steps, cached }: BuildFact): string {
  if (how === 'unchanged') return name;
  return `${name} ${duration(to - from)}${how === 'warm' ? ` (${cached} of ${steps} steps kept)` : ''}`;
}

function overlapText(graph: Pick<Graph, 'resources'>, builds: Builds, how: BuildFact['how']): readonly string[] {
  const ofThese = Object.fromEntries(Object.entries(builds).filter(([, fact]) => fact.how === how));
  const overlap = overlapOf(graph, ofThese);
  if (overlap === undefined) return [];
  const { sum, wall, bound, reached } = overlap;
  return [
    `${how} builds at once: ${duration(sum)} of building in ${duration(wall)}, of which ${duration(bound)} cannot ` +
      `overlap: ${Math.round(100 * reached)} % of what could be gained`,
  ];
}
