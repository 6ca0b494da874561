import type { Answer } from './answer.ts';
import type { Asked, Body } from './asked.ts';

/** One server-sent event. */
export interface StreamEvent {
  readonly event?: string;
  /** JSON, but for a string, which is sent as it is. */
  readonly data: object | string;
  /** It carries a piece of the answer. */
  readonly piece: boolean;
}

/** What an error says, where the scenario leaves it to the provider's usual words. */
export interface ErrorWords {
  readonly message?: string | undefined;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly param?: string | null;
}

/** How a provider's requests are read, and what answers look like on the wire. */
export interface Dialect {
  /** @throws BadRequest */
  read(body: Body): Asked;
  whole(answer: Answer, body: Body): object;
  stream?(answer: Answer, body: Body): Iterable<StreamEvent>;
  error(status: number, words: ErrorWords): object;
}
