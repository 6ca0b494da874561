/** What a file or a spec is held for. Pure. */
import type { Docblock } from '../joined.ts';
import { withNeeds, type Contents } from './contents.ts';

/** Names of resources and gates. */
export interface Asked {
  readonly resources: readonly string[];
  readonly gates: readonly string[];
}

/** Resources that a file's docblock asks for: without one, all. */
export function neededBy({ resources }: Contents, { needs }: Docblock): readonly string[] {
  return needs ?? Object.keys(resources);
}

/**
 * What a file is held for: the gates of its docblock; else, if each of its specs has a tag that names a resource or a
 * gate, what those tags name; else all gates over what the file needs.
 *
 * @param tags of each spec that will run
 */
export function askedByFile(contents: Contents, docblock: Docblock, tags: readonly (readonly string[])[]): Asked {
  const resources = neededBy(contents, docblock);
  if (docblock.gates !== undefined) return { resources, gates: docblock.gates };
  const tagged = tags.map((names) => named(contents, names));
  if (tagged.length > 0 && tagged.every(asksForSomething)) return union(tagged);
  const needed = withNeeds(contents, resources);
  const gates = Object.keys(contents.gates).filter((name) => contents.gates[name]?.every((need) => needed.has(need)));
  return { resources, gates };
}

/** What a spec's tags name that its file was not held for. */
export function askedBySpec(contents: Contents, ofFile: Asked, tags: readonly string[]): Asked {
  const needed = covered(contents, ofFile);
  const { resources, gates } = named(contents, tags);
  return {
    resources: resources.filter((name) => !needed.has(name)),
    gates: gates.filter((name) => !ofFile.gates.includes(name)),
  };
}

/** All resources that who was held for this may use. */
export function covered(contents: Contents, { resources, gates }: Asked): ReadonlySet<string> {
  return withNeeds(contents, [...resources, ...gates.flatMap((name) => contents.gates[name] ?? [])]);
}

export function asksForSomething({ resources, gates }: Asked): boolean {
  return resources.length > 0 || gates.length > 0;
}

function named({ resources, gates }: Contents, tags: readonly string[]): Asked {
  return { resources: tags.filter((tag) => tag in resources), gates: tags.filter((tag) => tag in gates) };
}

/** What is asked for while something else is used must be asked for together with it, so that nobody waits crosswise. */
export const both = (some: Asked, more: Asked): Asked => union([some, more]);

function union(all: readonly Asked[]): Asked {
  const of = (kind: keyof Asked): readonly string[] => [...new Set(all.flatMap((asked) => asked[kind]))];
  return { resources: of('resources'), gates: of('gates') };
}
