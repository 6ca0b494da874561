/** Where in a text an error of the server is; both count from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/**
 * @param position As the server counts it: characters (code points) from 1; undefined where the error has none.
 */
export function lineAndColumn(text: string, position: string | undefined): LineAndColumn | undefined {
  const count = Number(position);
  if (!Number.isInteger(count) || count < 1) return undefined;
  const before = Array.from(text).slice(0, count - 1);
  const lineBreak = before.lastIndexOf('\n');
  return { line: before.filter((character) => character === '\n').length + 1, column: before.length - lineBreak };
}
