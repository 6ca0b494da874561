import type { FileMembership } from './membership.ts';
import { addFacts, type Told } from './say.ts';

/** Asks for what a failed spec has worked with to be kept, and adds to its error where that is. */
export async function keepFor(told: Told | undefined, membership: FileMembership): Promise<void> {
  if (told === undefined || Object.keys(membership.contents.slices).length === 0) return;
  // Who has no coordinator any more is told so elsewhere.
  const kept = await membership.keep().catch((): readonly string[] => []);
  const lines = kept.map((name) => `${name} is kept: ${membership.endpoints[name]?.url ?? name}`);
  addFacts(told, lines);
}
