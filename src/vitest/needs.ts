/** What a run needs of a plan, from what its files ask for. */
import { unknownName } from '../config/unknown-name.ts';
import { closure } from '../coordinator/graph.ts';
import { sliceUnits } from '../coordinator/slices.ts';
import { toFailure, type Failure } from '../protocol/failure.ts';
import { SUITE, type Plan } from '../protocol/plan.ts';
import type { Docblock, Joined } from './joined.ts';

/** How much longer than the coordinator's own deadlines a worker waits, so that it is told the reason before that. */
const PATIENCE_MARGIN_MS = 10_000;

/** Names that a spec can ask for. */
export function resourceNames({ resources }: Pick<Plan, 'resources'>): readonly string[] {
  return Object.keys(resources).filter((name) => name !== SUITE);
}

/** The docblock, with what is wrong with it: a name that the plan does not have. `file` is for the message. */
export function checked(docblock: Docblock, plan: Plan, file: string): Docblock {
  const failure =
    unknown('resource', docblock.needs, resourceNames(plan)) ??
    unknown('gate', docblock.gates, Object.keys(plan.gates));
  return failure === undefined ? docblock : { failure: { ...failure, message: `${file}: ${failure.message}` } };
}

function unknown(
  kind: 'resource' | 'gate',
  names: readonly string[] | undefined,
  known: readonly string[],
): Failure | undefined {
  const name = names?.find((candidate) => !known.includes(candidate));
  return name === undefined ? undefined : toFailure(unknownName(kind, name, known), 'CONFIG_INVALID');
}

/**
 * What is started before the first spec: all that one of the files needs, and the suite. Empty when none of them needs
 * anything.
 *
 * @param docblocks One for each file; undefined: it has none, and so needs all resources.
 */
export function eagerSet(plan: Plan, docblocks: readonly (Docblock | undefined)[]): readonly string[] {
  if (docblocks.length === 0) return [];
  const wanted = docblocks.flatMap((docblock) => {
    if (docblock?.failure !== undefined) return [];
    const gates = (docblock?.gates ?? []).flatMap((name) => Object.values(plan.gates[name]?.needs ?? {}));
    return [...(docblock?.needs ?? resourceNames(plan)), ...gates];
  });
  return Object.keys(plan.resources).filter((name) => name === SUITE || wanted.includes(name));
}

/** Names of what there is, each with all that it needs. */
export function contentsOf(
  plan: Plan,
): Pick<Extract<Joined, { file: string }>, 'resources' | 'gates' | 'slices' | 'resets'> {
  const graph = { resources: mapValues(plan.resources, ({ needs }) => ({ needs: Object.values(needs) })) };
  return {
    resources: Object.fromEntries(resourceNames(plan).map((name) => [name, closure(graph, [name])])),
    gates: mapValues(plan.gates, ({ needs }) => closure(graph, Object.values(needs))),
    slices: sliceUnits(plan.resources),
    resets: Object.keys(plan.resources).filter((name) => plan.resources[name]?.options['reset'] !== undefined),
  };
}

/** Resources may have to start, or to be healed, one after the other; gates are waited for at the same time. */
export function patienceFor({ resources, gates }: Plan): number {
  const starts = Object.values(resources).reduce((sum, { startTimeout }) => sum + startTimeout, 0);
  const longestGate = Math.max(0, ...Object.values(gates).map(({ timeout }) => timeout));
  return starts + longestGate + PATIENCE_MARGIN_MS;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
