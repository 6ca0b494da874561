/** What a mock LLM is told to answer, as users write it and as it is sent. Types alone: who scripts needs no checks. */
import type { Json, RegExpRef } from '../../protocol/plan.ts';

/** What requests are asked for. */
export type Api = 'chat' | 'responses' | 'embeddings' | 'messages';

/** A text contains a string, and matches a regular expression; in JSON, that is `{ "pattern": "^Hi", "flags": "i" }`. */
export type TextMatch = string | RegExp | { readonly pattern: string; readonly flags?: string };

/** Which requests a scenario is for: all that is given must fit. */
export interface When<T = TextMatch> {
  readonly api?: Api;
  /** All of it, where it is a string. */
  readonly model?: T;
  /** What the user said last. */
  readonly user?: T;
  /** The system prompt, or instructions. */
  readonly system?: T;
  /** Name of a tool that the request offers. */
  readonly tool?: string;
  /** Who has spoken last: after a tool call, its result comes with `tool`. */
  readonly turn?: 'user' | 'assistant' | 'tool';
}

export interface ToolCall {
  readonly name: string;
  /** What the tool is given; a string is sent as it is, also when it is no JSON. */
  readonly arguments?: Json;
  /** Default: made from the request. */
  readonly id?: string;
}

/** One answer. A string is `{ text }`. Times in milliseconds. */
export interface ReplyParts {
  readonly text?: string;
  /** The text is this value as JSON. */
  readonly json?: Json;
  readonly toolCalls?: readonly ToolCall[];
  readonly refusal?: string;
  /** Of each input of an embeddings request. */
  readonly embedding?: readonly number[];
  /** The answer stopped before its end: too long, or filtered. */
  readonly finish?: 'length' | 'content_filter';
  /** Default: about what the texts come to. */
  readonly usage?: { readonly input: number; readonly output: number };
  /** In place of an answer; `body` in place of the provider's shape; a string is sent as it is. */
  readonly error?: {
    readonly status: number;
    readonly message?: string;
    readonly type?: string;
    readonly code?: string;
    readonly body?: Json;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Status 429, with `retry-after` in seconds. */
  readonly rateLimit?: { readonly retryAfter: number };
  /** Nothing is ever answered. */
  readonly hang?: true;
  /** Before the answer begins. */
  readonly delay?: number;
  /** Of a stream: the pieces of the text, between which `chunkDelay` passes. Default: its words. */
  readonly chunks?: readonly string[];
  readonly chunkDelay?: number;
  /** The connection is closed after so many pieces of a stream; without one, in the middle of the body. */
  readonly cutAfter?: number;
  /** A stream stands still after so many pieces. */
  readonly hangAfter?: number;
}

export type Reply = string | ReplyParts;

/** What is answered to which requests. */
export interface Scenario {
  /** In messages; default: where it stands. */
  readonly name?: string;
  readonly when?: When;
  /** Several are given one after the other, to each spec from the first on; the last one stays. */
  readonly reply: Reply | readonly Reply[];
  /** How often it answers each spec; default: always. */
  readonly times?: number;
}

/** A scenario as the server has it. */
export interface Script {
  readonly name: string;
  readonly when: When<string | RegExpRef>;
  readonly replies: readonly ReplyParts[];
  readonly times?: number;
}
