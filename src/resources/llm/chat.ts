/** OpenAI's chat completions. Pure. */
import { CREATED, type Answer } from './answer.ts';
import { BadRequest, conversation, isObject, messagesIn, modelIn, toolNames, type Asked, type Body } from './asked.ts';
import type { Dialect, StreamEvent } from './dialect.ts';
import { openAiError } from './provider-errors.ts';

const ROLES = new Set(['developer', 'system', 'user', 'assistant', 'tool', 'function']);
const MOST_CHOICES = 128;

export const chat: Dialect = {
  read(body) {
    const model = modelIn(body);
    const messages = messagesIn(body['messages'], 'messages', ROLES);
    const { n = 1 } = body;
    if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > MOST_CHOICES) {
      throw new BadRequest(`Invalid 'n': expected a whole number from 1 to ${MOST_CHOICES}.`, 'n');
    }
    const json = formatOf(body['response_format']);
    return {
      api: 'chat',
      model,
      ...conversation(messages),
      tools: toolNames(body),
      stream: body['stream'] === true,
      n,
      ...(json === undefined ? {} : { json }),
    };
  },

  whole(answer) {
    const { asked, text, refusal } = answer;
    const content = refusal !== undefined || (text === '' && answer.calls.length > 0) ? null : text;
    const message = {
      role: 'assistant',
      content,
      refusal: refusal ?? null,
      annotations: [],
      ...(answer.calls.length === 0 ? {} : { tool_calls: answer.calls.map(callOf) }),
    };
    return {
      ...head(answer, 'chat.completion'),
      choices: choices(asked, (index) => ({ index, message, logprobs: null, finish_reason: finishOf(answer) })),
      usage: usageOf(answer),
    };
  },

  *stream(answer, body) {
    const { asked, pieces, refusal, calls } = answer;
    const withUsage = isObject(body['stream_options']) && body['stream_options']['include_usage'] === true;
    const chunk = (index: number, delta: object, finish: string | null = null, piece = false): StreamEvent => ({
      data: {
        ...head(answer, 'chat.completion.chunk'),
        choices: [{ index, delta, logprobs: null, finish_reason: finish }],
        ...(withUsage ? { usage: null } : {}),
      },
      piece,
    });
    for (let index = 0; index < asked.n; index += 1) {
      yield chunk(index, { role: 'assistant', content: refusal === undefined && pieces.length > 0 ? '' : null });
      if (refusal !== undefined) yield chunk(index, { refusal }, null, true);
      else for (const content of pieces) yield chunk(index, { content }, null, true);
      for (const [at, call] of calls.entries()) {
        const { id, type, function: called } = callOf(call);
        yield chunk(index, { tool_calls: [{ index: at, id, type, function: { ...called, arguments: '' } }] });
        for (const part of halves(call.args)) {
          yield chunk(index, { tool_calls: [{ index: at, function: { arguments: part } }] }, null, true);
        }
      }
      yield chunk(index, {}, finishOf(answer));
    }
    if (withUsage) {
      const data = { ...head(answer, 'chat.completion.chunk'), choices: [], usage: usageOf(answer) };
      yield { data, piece: false };
    }
    yield { data: '[DONE]', piece: false };
  },

  error: openAiError,
};

function formatOf(format: unknown): Asked['json'] | undefined {
  if (!isObject(format)) return undefined;
  if (format['type'] === 'json_object') return {};
  const { json_schema: named } = format;
  return format['type'] === 'json_schema' ? { schema: isObject(named) ? named['schema'] : undefined } : undefined;
}

function head({ id, asked }: Answer, object: string): Body {
  return { id: `chatcmpl-${id}`, object, created: CREATED, model: asked.model, system_fingerprint: 'fp_greenroom' };
}

function choices<T>({ n }: Asked, choice: (index: number) => T): readonly T[] {
  return Array.from({ length: n }, (_, index) => choice(index));
}

function callOf({ id, name, args }: Answer['calls'][number]) {
  return { id, type: 'function', function: { name, arguments: args } };
}

function finishOf({ finish, calls }: Answer): string {
  return finish ?? (calls.length > 0 ? 'tool_calls' : 'stop');
}

function usageOf({ asked, usage }: Answer): object {
  const output = usage.output * asked.n;
  return { prompt_tokens: usage.input, completion_tokens: output, total_tokens: usage.input + output };
}

/** Arguments come in pieces, too: whoever reads them must put them together. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((part) => part !== '');
}
