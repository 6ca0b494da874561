/** Address of a built module, by its path below `src`. */
export function builtUrl(path: string): string {
  return new URL(`../dist/src/${path}.js`, import.meta.url).href;
}
