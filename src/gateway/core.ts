import type { Book } from './book.ts';
import type { Draft } from './draft.ts';
import type { Fault } from './fault.ts';
import type { Scripts } from './scripts.ts';
import type { Turns } from './turns.ts';

/** What all ports of a gateway share. */
export interface Core {
  readonly resource: string;
  readonly book: Book;
  readonly scripts: Scripts;
  /** Without it, all may go to the server at once. */
  readonly turns: Turns | undefined;
  /** Milliseconds in which the head of a request must have come. */
  readonly headTimeout: number;
}

/** What is scripted for an exchange, noted in its record. */
export function faultFor(core: Core, draft: Draft): Fault | undefined {
  const { slot, spec } = draft.beginning;
  const fault = core.scripts.next({
    ...(slot === undefined ? {} : { slot }),
    ...(spec === undefined ? {} : { spec }),
  });
  draft.fault = fault?.kind;
  return fault;
}
