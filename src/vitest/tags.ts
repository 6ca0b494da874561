/**
 * A tag for each resource and gate: specs that carry it say what they need. Vitest refuses a tag that it does not know.
 */

interface Tag {
  readonly name: string;
  readonly description?: string;
}

/** Words of the expressions in which Vitest selects tags. */
const OPERATORS = /^(?:and|or|not)$/i;

/** The tags to be declared for these names, apart from those the user declares. */
export function missingTags(names: readonly string[], declared: readonly { readonly name: string }[] = []): Tag[] {
  const taken = new Set(declared.map(({ name }) => name));
  return [...new Set(names)]
    .filter((name) => !taken.has(name) && !OPERATORS.test(name))
    .map((name) => ({ name, description: 'of greenroom.config' }));
}
