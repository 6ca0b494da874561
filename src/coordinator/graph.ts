import type { Graph } from './state.ts';

/** The resources and all that they need, directly or not, in the graph's own order. */
export function closure(graph: Pick<Graph, 'resources'>, names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    graph.resources[name]?.needs.forEach(visit);
  };
  names.forEach(visit);
  return Object.keys(graph.resources).filter((name) => seen.has(name));
}

/** The resources that need this one directly. */
export function dependents(graph: Graph, name: string): readonly string[] {
  return Object.keys(graph.resources).filter((other) => graph.resources[other]?.needs.includes(name));
}

/** The resources and all that they need, each after what it needs. */
export function inStartOrder(graph: Pick<Graph, 'resources'>, names: readonly string[]): readonly string[] {
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    graph.resources[name]?.needs.forEach(visit);
    ordered.push(name);
  };
  names.forEach(visit);
  return ordered;
}
