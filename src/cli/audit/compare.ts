/** What came of the same specs in several runs. Pure. */

/** One spec of one run. Several can have one name: in a loop, or in several projects. */
export interface SpecResult {
  /** Path of its file. */
  readonly file: string;
  /** Names of its suites and its own; empty for a file as such. */
  readonly name: string;
  /** As Vitest reports it: `passed`, `failed`, `skipped` and so on. */
  readonly result: string;
}

/** A spec whose result depends on the run. */
export interface Difference {
  readonly file: string;
  readonly name: string;
  /** One for each run. */
  readonly results: readonly string[];
}

/** What it says of a spec that a run did not have. */
const MISSING = 'missing';

/** Specs whose result is not the same in all runs, by file and then in the order of the first run that has them. */
export function compare(runs: readonly (readonly SpecResult[])[]): readonly Difference[] {
  const byRun = runs.map(resultsBySpec);
  const specs = new Map(byRun.flatMap((results) => [...results].map(([id, { file, name }]) => [id, { file, name }])));
  const differing = [...specs].flatMap(([id, { file, name }]) => {
    const results = byRun.map((run) => run.get(id)?.results.toSorted().join(', ') ?? MISSING);
    return new Set(results).size > 1 ? [{ file, name, results }] : [];
  });
  return differing.toSorted((a, b) => (a.file === b.file ? 0 : a.file < b.file ? -1 : 1));
}

/** How many specs there are in any of the runs. */
export function countSpecs(runs: readonly (readonly SpecResult[])[]): number {
  return new Set(runs.flat().map(idOf)).size;
}

interface Results {
  readonly file: string;
  readonly name: string;
  /** Of all that have this name. In which order they ran says nothing. */
  readonly results: string[];
}

function resultsBySpec(run: readonly SpecResult[]): ReadonlyMap<string, Results> {
  const found = new Map<string, Results>();
  for (const spec of run) {
    const known = found.get(idOf(spec));
    if (known === undefined) found.set(idOf(spec), { file: spec.file, name: spec.name, results: [spec.result] });
    else known.results.push(spec.result);
  }
  return found;
}

function idOf({ file, name }: SpecResult): string {
  return JSON.stringify([file, name]);
}
