/** The words of a command that is written as one text. Pure. */

/**
 * As a shell splits it, with quotes and backslashes, and without anything else that a shell does: compose files mean it
 * that way.
 *
 * @throws Error where a quote is not closed
 */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '"' || character === "'") {
      const end = closing(text, at, character);
      const inner = text.slice(at + 1, end);
      word = (word ?? '') + (character === '"' ? inner.replaceAll(/\\(["\\$`])/g, '$1') : inner);
      at = end;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else {
      word = (word ?? '') + character;
    }
  }
  return word === undefined ? words : [...words, word];
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  throw new Error(`a quote is not closed: ${text.slice(from, from + 40)}`);
}
