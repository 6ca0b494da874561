/** The spec files of a run, and what each of them asks for. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestProject, TestSpecification, Vitest } from 'vitest/node';
import type { Plan } from '../protocol/plan.ts';
import { parseDocblock } from './docblock.ts';
import type { Docblock } from './joined.ts';
import { checked } from './needs.ts';

/** Pools in which no spec meets infrastructure: types are only checked, and a browser is out of our reach. */
const ELSEWHERE: ReadonlySet<string> = new Set(['typescript', 'browser']);

/** Path of a spec file → its docblock; undefined: it has none. */
export type Selection = ReadonlyMap<string, Docblock | undefined>;

/** The specifications that Vitest has collected for the present run, those of its shard. */
export function collected(vitest: Vitest): Promise<readonly TestSpecification[]> {
  return ofThisShard(
    vitest,
    vitest.state.getPaths().flatMap((path) => vitest.getModuleSpecifications(path)),
  );
}

/** Vitest 4 collects, and tells reporters of, all shards, and takes its own part when it begins with the specs. */
export async function ofThisShard(
  vitest: Vitest,
  specifications: readonly TestSpecification[],
): Promise<readonly TestSpecification[]> {
  if (vitest.config.shard === undefined || !vitest.version.startsWith('4.')) return specifications;
  const Sequencer = vitest.config.sequence.sequencer;
  try {
    return await new Sequencer(vitest).shard([...specifications]);
  } catch {
    return []; // Vitest asks it, too, and says so
  }
}

/** Those of the files that run in one of the projects. */
export function selected(specs: readonly TestSpecification[], projects: readonly TestProject[]): readonly string[] {
  const ours = specs.filter(({ project, pool }) => projects.includes(project) && !ELSEWHERE.has(pool));
  return [...new Set(ours.map(({ moduleId }) => moduleId))];
}

/** Reads the docblocks of files. */
export function select(files: readonly string[], plan: Plan, root: string): Selection {
  return new Map(
    files.map((file) => {
      const docblock = parseDocblock(read(file));
      return [file, docblock && checked(docblock, plan, relative(root, file))];
    }),
  );
}

/** A file that is not there, such as a virtual one, has no docblock. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The docblocks alone, as workers are told of them. */
export function docblocksOf(selection: Selection): Readonly<Record<string, Docblock>> {
  return Object.fromEntries([...selection].filter((entry): entry is [string, Docblock] => entry[1] !== undefined));
}
