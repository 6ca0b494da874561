/** What is answered, before it is put into a dialect's words. Pure. */
import { tokensIn, type Asked } from './asked.ts';
import { sampleOf } from './json-sample.ts';
import type { ReplyParts, ToolCall } from './scenario.ts';

/** Always the same time, as the same question gets the same answer to the last byte. */
export const CREATED = 1_700_000_000;
export const MODEL = 'greenroom-mock';

/** A reply that is an answer, and neither an error nor silence. */
export interface Answer {
  /** Differs with the request, and with what is answered. */
  readonly id: string;
  readonly asked: Asked;
  readonly text: string;
  /** The text in the pieces of a stream. */
  readonly pieces: readonly string[];
  readonly refusal: string | undefined;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly args: string }[];
  readonly finish: ReplyParts['finish'];
  readonly embedding: readonly number[] | undefined;
  readonly usage: { readonly input: number; readonly output: number };
}

/** @param id of 24 hexadecimal digits */
export function answerOf(asked: Asked, reply: ReplyParts, id: string): Answer {
  const text = reply.text ?? (reply.json === undefined ? reply.chunks?.join('') : JSON.stringify(reply.json)) ?? '';
  const calls = (reply.toolCalls ?? []).map((call, index) =>
    callOf(call, `${asked.api === 'messages' ? 'toolu' : 'call'}_${id}${index}`),
  );
  const said = [text, reply.refusal ?? '', ...calls.map(({ args }) => args)].join('');
  return {
    id,
    asked,
    text,
    get pieces() {
      return reply.chunks ?? piecesOf(text);
    },
    refusal: reply.refusal,
    calls,
    finish: reply.finish,
    embedding: reply.embedding,
    usage: reply.usage ?? { input: asked.tokens, output: tokensIn(said) },
  };
}

/** What is said where no scenario is. */
export function echo({ user, json }: Asked): ReplyParts {
  const text = `Mock answer to: ${user}`;
  if (json === undefined) return { text };
  return { text: JSON.stringify(json.schema === undefined ? { answer: text } : sampleOf(json.schema)) };
}

/** Words, each with the space behind it. */
function piecesOf(text: string): readonly string[] {
  return text.match(/\s*\S+\s*/g) ?? (text === '' ? [] : [text]);
}

function callOf({ id, name, arguments: given = {} }: ToolCall, usualId: string): Answer['calls'][number] {
  return { id: id ?? usualId, name, args: typeof given === 'string' ? given : JSON.stringify(given) };
}
