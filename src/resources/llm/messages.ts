/** Anthropic's messages. Pure. */
import type { Answer } from './answer.ts';
import {
  BadRequest,
  conversation,
  isObject,
  messagesIn,
  modelIn,
  textOf,
  toolNames,
  type Body,
  type Message,
} from './asked.ts';
import { halves } from './chat.ts';
import type { Dialect, StreamEvent } from './dialect.ts';
import { anthropicError } from './provider-errors.ts';

const ROLES = new Set(['user', 'assistant', 'system']);

export const messages: Dialect = {
  read(body) {
    const said = messagesIn(body['messages'], 'messages', ROLES);
    const model = modelIn(body);
    const { max_tokens: most } = body;
    if (typeof most !== 'number' || most < 1) throw new BadRequest('max_tokens: Field required', 'max_tokens');
    return {
      api: 'messages',
      model,
      ...conversation(withResults(said, body['messages'] as readonly unknown[]), textOf(body['system']) ?? ''),
      tools: toolNames(body),
      stream: body['stream'] === true,
      n: 1,
    };
  },
  whole: (answer) => message(answer, blocksOf(answer), stopOf(answer), answer.usage.output),
  *stream(answer) {
    const event = (type: string, fields: object, piece = false): StreamEvent => ({
      event: type,
      data: { type, ...fields },
      piece,
    });
    yield event('message_start', { message: message(answer, [], null, 1) });
    for (const [index, block] of blocksOf(answer).entries()) {
      const called = block.type === 'tool_use';
      const empty = called ? { ...block, input: {} } : { ...block, text: '' };
      yield event('content_block_start', { index, content_block: empty });
      if (called) {
        for (const part of halves(answer.calls.find(({ id }) => id === block.id)?.args ?? '')) {
          yield event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: part } }, true);
        }
      } else {
        for (const text of answer.refusal === undefined ? answer.pieces : [answer.refusal]) {
          yield event('content_block_delta', { index, delta: { type: 'text_delta', text } }, true);
        }
      }
      yield event('content_block_stop', { index });
    }
    yield event('message_delta', {
      delta: { stop_reason: stopOf(answer), stop_sequence: null },
      usage: { output_tokens: answer.usage.output },
    });
    yield event('message_stop', {});
  },
  error: anthropicError,
};

type Block =
  | { readonly type: 'text'; readonly text: string; readonly citations: null }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

function blocksOf({ text, refusal, calls }: Answer): readonly Block[] {
  const said = refusal ?? text;
  return [
    ...(said !== '' || calls.length === 0 ? [{ type: 'text', text: said, citations: null } as const] : []),
    ...calls.map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: parsed(args) }) as const),
  ];
}

/** Here arguments are a value; what is no JSON can only be sent in a stream. */
function parsed(args: string): unknown {
  try {
    return JSON.parse(args);
  } catch {
    return args;
  }
}

function message({ id, asked, usage }: Answer, content: readonly Block[], stop: string | null, output: number): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: asked.model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: output,
    },
  };
}

function stopOf({ refusal, calls, finish }: Answer): string {
  if (refusal !== undefined || finish === 'content_filter') return 'refusal';
  if (finish === 'length') return 'max_tokens';
  return calls.length > 0 ? 'tool_use' : 'end_turn';
}

/** What came of a tool is said by the user here. */
function withResults(said: readonly Message[], raw: readonly unknown[]): readonly Message[] {
  return said.map((one, index) => {
    const value = raw[index];
    const content = isObject(value) ? value['content'] : undefined;
    const result =
      Array.isArray(content) && content.some((part: unknown) => isObject(part) && part['type'] === 'tool_result');
    return result ? { role: 'tool', text: one.text } : one;
  });
}

/** How many tokens a request has, for who asks before. */
export function countTokens(body: Body): object {
  return { input_tokens: messages.read({ max_tokens: 1, ...body }).tokens };
}
