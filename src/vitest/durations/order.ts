interface Ordered<T> {
  readonly ms: (file: T) => number | undefined;
  /** Whether two files may change places: Vitest runs projects, and groups in them, one after the other. */
  readonly together: (a: T, b: T) => boolean;
}

/**
 * Puts the longest files first among neighbours that belong together. Those of which nothing is known come before
 * them, because they may take long, and keep their order.
 */
export function longestFirst<T>(files: readonly T[], { ms, together }: Ordered<T>): T[] {
  const groups: T[][] = [];
  for (const file of files) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && together(first, file)) group.push(file);
    else groups.push([file]);
  }
  return groups.flatMap((group) => {
    const unknown = group.filter((file) => ms(file) === undefined);
    const known = group.filter((file) => ms(file) !== undefined);
    return [...unknown, ...known.toSorted((a, b) => (ms(b) ?? 0) - (ms(a) ?? 0))];
  });
}
