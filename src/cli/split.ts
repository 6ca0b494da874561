/**
 * Parts what is ours from the user's COMMAND: it begins after `--`, or at the first word that is neither a flag of
 * ours nor the value of one. So `greenroom run --needs db vitest --run` leaves `--run` to vitest.
 * @param takesValue Names of our flags that take the next word as their value.
 */
export function splitCommand(
  words: readonly string[],
  takesValue: ReadonlySet<string>,
): { own: string[]; command: string[] } {
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (word === '--') return { own: words.slice(0, at), command: words.slice(at + 1) };
    if (!word.startsWith('-')) break;
    at += takesValue.has(word.replace(/^--?/, '')) ? 2 : 1;
  }
  return { own: words.slice(0, at), command: words.slice(at) };
}
