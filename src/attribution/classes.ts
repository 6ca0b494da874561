import type { FileFacts, SpecFacts } from './facts.ts';

/** What became of a spec. Each is in exactly one class. */
export type Class = 'passed' | 'failed' | 'skipped' | 'interrupted' | 'neverRan';

/** `collected` is the sum of the classes. */
export interface Counts extends Readonly<Record<Class, number>> {
  readonly collected: number;
  /** Files that no worker reached and whose number of specs is a guess. */
  readonly estimatedFiles: number;
}

/**
 * The class of a spec. A runner calls `skipped` whatever it has no result for: what was declared so, what said so
 * while it ran, what was stopped when the run was cancelled, and what was never begun.
 */
export function classOf({ declaredSkip, said, began, aborted }: SpecFacts): Class {
  if (said === 'pass') return 'passed';
  if (said === 'fail') return 'failed';
  if (declaredSkip) return 'skipped';
  if (said === 'run') return 'interrupted'; // its worker ended without another word
  if (!began) return 'neverRan';
  return said === 'skip' && !aborted ? 'skipped' : 'interrupted';
}

export function countsOf(files: readonly FileFacts[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0, interrupted: 0, neverRan: 0 };
  const specs = files.flatMap((file) => file.specs);
  for (const spec of specs) counts[classOf(spec)] += 1;
  const estimatedFiles = files.filter((file) => file.estimated).length;
  return { collected: specs.length, ...counts, estimatedFiles };
}
