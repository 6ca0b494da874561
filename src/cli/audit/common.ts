/** What files share. Pure. */
import { closure } from '../../coordinator/graph.ts';
import type { Graph } from '../../coordinator/state.ts';
import { SUITE } from '../../protocol/plan.ts';
import { parseDocblock } from '../../vitest/docblock.ts';

/**
 * Resources that all of these files use, directly or not, and who has a part of them: `uploads (shared by all)`.
 *
 * @param sources Texts of the files. One without `@needs` needs everything.
 */
export function inCommon(sources: readonly string[], graph: Graph): readonly string[] {
  const used = sources.map((source) => new Set(closure(graph, neededBy(source, graph))));
  const names = Object.keys(graph.resources).filter(
    (name) => name !== SUITE && used.length > 0 && used.every((set) => set.has(name)),
  );
  return names.map((name) => `${name} (${whose(graph, name)})`);
}

function neededBy(source: string, graph: Graph): readonly string[] {
  const { needs, gates = [] } = parseDocblock(source) ?? {};
  return [...(needs ?? Object.keys(graph.resources)), ...gates.flatMap((name) => graph.gates[name]?.needs ?? [])];
}

function whose({ resources }: Graph, name: string): string {
  const { slice } = resources[name] ?? {};
  return slice === undefined ? 'shared by all' : `each ${slice} has its own`;
}
