/** What a worker that does not exist yet can be held for. Pure. */
import type { Docblock } from '../joined.ts';
import { askedByFile, type Asked } from '../worker/asks.ts';
import type { Contents } from '../worker/contents.ts';

/**
 * What every file of the run is held for: which of them a new worker will get is not known before it is there. What a
 * file is held for besides, it waits for in the worker.
 *
 * @param docblocks of those files that have one; if none has, all are held for everything
 */
export function askedByAll(contents: Contents, docblocks: readonly Docblock[]): Asked {
  // A file with a mistake in its docblock waits for nothing, and fails.
  const right = docblocks.filter(({ failure }) => failure === undefined);
  const all = (right.length === 0 ? [{}] : right).map((docblock) => askedByFile(contents, docblock, []));
  const common = (of: keyof Asked): readonly string[] =>
    (all[0]?.[of] ?? []).filter((name) => all.every((asked) => asked[of].includes(name)));
  return { resources: common('resources'), gates: common('gates') };
}
