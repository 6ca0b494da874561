/**
 * Where a suite module's bodies are kept while it is evaluated. On `process`, because the library may be loaded twice
 * in one process, and because a pool with contexts of its own shares nothing else between them.
 */
import { GreenroomError } from '../protocol/failure.ts';

type Function = (...args: never[]) => unknown;

/** The two bodies of one call, as the suite module gave them. */
export interface Pair {
  readonly once: Function;
  readonly each: Function;
  readonly options: { readonly timeout?: number };
}

/** What a suite module declares. */
export interface Suite {
  before?: Pair;
  after?: Pair;
}

const KEY = Symbol.for('greenroom.suite');
const place = process as unknown as { [KEY]?: Suite };

/** Begins to collect; to be called before the suite module is imported. Stays empty when that is not evaluated anew. */
export function collectSuite(): Suite {
  const suite: Suite = {};
  place[KEY] = suite;
  return suite;
}

export function declareBefore(pair: Pair): void {
  declare('before', pair, 'synchronizedBeforeSuite');
}

export function declareAfter(pair: Pair): void {
  declare('after', pair, 'synchronizedAfterSuite');
}

function declare(when: keyof Suite, pair: Pair, name: string): void {
  const suite = place[KEY];
  if (suite === undefined) {
    throw new GreenroomError({
      code: 'CONFIG_INVALID',
      message: `${name} was called outside of the suite module`,
      hint: "name the module in greenroom.config.ts: `suite: { module: './suite.ts' }`; nobody else imports it",
    });
  }
  if (suite[when] !== undefined) {
    throw new GreenroomError({
      code: 'CONFIG_INVALID',
      message: `${name} is called twice in the suite module`,
      hint: 'a suite has one of each; put both steps into one body',
    });
  }
  suite[when] = pair;
}
