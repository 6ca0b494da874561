/** A gate over what each worker has of its own is each worker's own: it has a state, and a key, for each lease. */
import { closure } from './graph.ts';
import type { GateState, Graph, State } from './state.ts';

/** Stands in no name. */
const OF = '@';

/** A graph never changes, and each event asks. */
const ownGates = new WeakMap<Graph, ReadonlySet<string>>();

/** Whether each worker has a gate of this name of its own. */
function isOwnGate(graph: Graph, gate: string): boolean {
  const known = ownGates.get(graph) ?? findOwn(graph);
  ownGates.set(graph, known);
  return known.has(gate);
}

function findOwn(graph: Graph): ReadonlySet<string> {
  const over = ({ needs }: { readonly needs: readonly string[] }): boolean =>
    closure(graph, needs).some((name) => graph.resources[name]?.scope === 'worker');
  return new Set(Object.keys(graph.gates).filter((name) => over(graph.gates[name] ?? { needs: [] })));
}

/** Under which key the gate stands for this lease; undefined where there is none for it, because it has no slot. */
export function gateKey(state: State, gate: string, lease: string): string | undefined {
  if (!isOwnGate(state.graph, gate)) return gate;
  return state.leases[lease]?.slot === undefined ? undefined : `${gate}${OF}${lease}`;
}

/** The gate's name in the config. */
export const gateName = (key: string): string => key.split(OF)[0] ?? key;

/** Whose own it is; undefined for one that all share. */
export const gateLease = (key: string): string | undefined => key.split(OF)[1];

/** How a gate stands that each worker has of its own, in one word: closed for one, then open. */
export function gateOfAll(state: State, gate: string): GateState {
  const own = Object.keys(state.gates).filter((key) => gateName(key) === gate && key !== gate);
  const states = [...own, gate].flatMap((key) => state.gates[key] ?? []);
  return (
    states.find(({ state: now }) => now === 'probing' || now === 'advancing') ??
    states.find(({ state: now }) => now === 'open') ?? { state: 'closed' }
  );
}
