/** OpenAI's responses. Pure. */
import { CREATED, type Answer } from './answer.ts';
import {
  BadRequest,
  conversation,
  isObject,
  modelIn,
  textOf,
  toolNames,
  type Asked,
  type Body,
  type Message,
} from './asked.ts';
import { halves } from './chat.ts';
import type { Dialect, StreamEvent } from './dialect.ts';
import { openAiError } from './provider-errors.ts';

export const responses: Dialect = {
  read(body) {
    const { instructions } = body;
    const json = formatOf(body['text']);
    return {
      api: 'responses',
      model: modelIn(body),
      ...conversation(messagesIn(body['input']), typeof instructions === 'string' ? instructions : ''),
      tools: toolNames(body),
      stream: body['stream'] === true,
      n: 1,
      ...(json === undefined ? {} : { json }),
    };
  },
  whole: (answer, body) => response(answer, body, statusOf(answer), itemsOf(answer)),
  *stream(answer, body) {
    let number = 0;
    const event = (type: string, fields: object, piece = false): StreamEvent => ({
      event: type,
      data: { type, ...fields, sequence_number: number++ },
      piece,
    });
    const begun = response(answer, body, 'in_progress', []);
    yield event('response.created', { response: begun });
    yield event('response.in_progress', { response: begun });
    const items = itemsOf(answer);
    for (const [index, item] of items.entries()) {
      const at = { item_id: item.id, output_index: index };
      if (item.type === 'function_call') {
        yield event('response.output_item.added', {
          output_index: index,
          item: { ...item, status: 'in_progress', arguments: '' },
        });
        for (const delta of halves(item.arguments))
          yield event('response.function_call_arguments.delta', { ...at, delta }, true);
        yield event('response.function_call_arguments.done', { ...at, name: item.name, arguments: item.arguments });
      } else {
        yield event('response.output_item.added', {
          output_index: index,
          item: { ...item, status: 'in_progress', content: [] },
        });
        yield* partEvents(answer, { ...at, content_index: 0 }, item.content[0], event);
      }
      yield event('response.output_item.done', { output_index: index, item });
    }
    const status = statusOf(answer);
    yield event(`response.${status}`, { response: response(answer, body, status, items) });
  },
  error: openAiError,
};

type Part =
  | { readonly type: 'refusal'; readonly refusal: string }
  | { readonly type: 'output_text'; readonly text: string; readonly annotations: []; readonly logprobs: [] };
type Item =
  | {
      readonly type: 'message';
      readonly id: string;
      readonly status: string;
      readonly role: 'assistant';
      readonly content: readonly [Part];
    }
  | {
      readonly type: 'function_call';
      readonly id: string;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
      readonly status: string;
    };

function* partEvents(
  { pieces }: Answer,
  at: object,
  part: Part,
  event: (type: string, fields: object, piece?: boolean) => StreamEvent,
): Iterable<StreamEvent> {
  if (part.type === 'refusal') {
    yield event('response.content_part.added', { ...at, part: { ...part, refusal: '' } });
    yield event('response.refusal.delta', { ...at, delta: part.refusal }, true);
    yield event('response.refusal.done', { ...at, refusal: part.refusal });
  } else {
    yield event('response.content_part.added', { ...at, part: { ...part, text: '' } });
    for (const delta of pieces) yield event('response.output_text.delta', { ...at, delta, logprobs: [] }, true);
    yield event('response.output_text.done', { ...at, text: part.text, logprobs: [] });
  }
  yield event('response.content_part.done', { ...at, part });
}

function itemsOf({ id, text, refusal, calls, finish }: Answer): readonly Item[] {
  const status = finish === undefined ? 'completed' : 'incomplete';
  const part: Part =
    refusal === undefined ? { type: 'output_text', text, annotations: [], logprobs: [] } : { type: 'refusal', refusal };
  const says = refusal !== undefined || text !== '' || calls.length === 0;
  return [
    ...(says ? [{ type: 'message', id: `msg_${id}`, status, role: 'assistant', content: [part] } as const] : []),
    ...calls.map(
      (call, index) =>
        ({
          type: 'function_call',
          id: `fc_${id}${index}`,
          call_id: call.id,
          name: call.name,
          arguments: call.args,
          status: 'completed',
        }) as const,
    ),
  ];
}

function response({ id, asked, usage, finish }: Answer, body: Body, status: string, output: readonly Item[]): object {
  const over = status !== 'in_progress';
  const echoed = (key: string, usual: unknown): unknown => body[key] ?? usual;
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: CREATED,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: finish === 'length' ? 'max_output_tokens' : finish } : null,
    instructions: echoed('instructions', null),
    max_output_tokens: echoed('max_output_tokens', null),
    metadata: echoed('metadata', {}),
    model: asked.model,
    output,
    parallel_tool_calls: echoed('parallel_tool_calls', true),
    previous_response_id: echoed('previous_response_id', null),
    reasoning: { effort: null, summary: null },
    store: echoed('store', true),
    temperature: echoed('temperature', 1),
    text: echoed('text', { format: { type: 'text' } }),
    tool_choice: echoed('tool_choice', 'auto'),
    tools: echoed('tools', []),
    top_p: echoed('top_p', 1),
    truncation: echoed('truncation', 'disabled'),
    usage: over
      ? {
          input_tokens: usage.input,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: usage.output,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: usage.input + usage.output,
        }
      : null,
    user: echoed('user', null),
  };
}

const statusOf = ({ finish }: Answer): 'completed' | 'incomplete' =>
  finish === undefined ? 'completed' : 'incomplete';

/** A text, or items: messages, calls of tools, and what came of those. */
function messagesIn(input: unknown): readonly Message[] {
  if (typeof input === 'string') return [{ role: 'user', text: input }];
  if (!Array.isArray(input)) throw new BadRequest("Missing required parameter: 'input'.", 'input');
  if (input.length === 0) throw new BadRequest("Invalid 'input': empty array.", 'input');
  return input.map((item: unknown, index) => {
    const where = `input[${index}]`;
    if (!isObject(item)) throw new BadRequest(`Invalid type for '${where}': expected an object.`, where);
    const { type = 'message', role } = item;
    if (type === 'function_call_output') return { role: 'tool', text: textOf(item['output']) ?? '' };
    if (type !== 'message') return { role: 'assistant', text: '' };
    if (typeof role !== 'string') throw new BadRequest(`Missing required parameter: '${where}.role'.`, `${where}.role`);
    return { role, text: textOf(item['content']) ?? '' };
  });
}

function formatOf(text: unknown): Asked['json'] | undefined {
  const format = isObject(text) ? text['format'] : undefined;
  if (!isObject(format)) return undefined;
  if (format['type'] === 'json_object') return {};
  return format['type'] === 'json_schema' ? { schema: format['schema'] } : undefined;
}
