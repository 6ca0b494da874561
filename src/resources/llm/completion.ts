/** What a chat completion looks like on the wire, and the one this server gives. */
import { createHash } from 'node:crypto';

export const MODEL = 'greenroom-mock';

/** Always the same time, as the same question gets the same answer to the last byte. */
const CREATED = 1_700_000_000;
/** About what a token is in English text. */
const LETTERS_PER_TOKEN = 4;
const ROLES = new Set(['developer', 'system', 'user', 'assistant', 'tool', 'function']);

interface Message {
  readonly role: string;
  readonly content: string;
}

/** A request that is refused, in the words of the provider. */
export class BadRequest extends Error {
  readonly param: string | null;

  constructor(message: string, param: string | null) {
    super(message);
    this.param = param;
  }
}

/** Answers a chat completion request. @throws BadRequest */
export function complete(body: string): object {
  const request = objectIn(body);
  if (request['stream'] === true) throw new BadRequest('This server does not stream yet.', 'stream');
  const { model } = request;
  if (typeof model !== 'string' || model === '') throw new BadRequest('you must provide a model parameter', 'model');
  const messages = messagesIn(request['messages']);
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? messages.at(-1)?.content ?? '';
  const content = `Mock answer to: ${question}`;
  const prompt = messages.reduce((sum, message) => sum + tokensIn(message.content), 0);
  const completion = tokensIn(content);
  const id = createHash('sha256')
    .update(JSON.stringify([model, messages]))
    .digest('hex')
    .slice(0, 24);
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: CREATED,
    model,
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}

function objectIn(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new BadRequest(`We could not parse the JSON body of your request: ${(error as Error).message}`, null);
  }
  if (isObject(value)) return value;
  throw new BadRequest('The JSON body of your request is not an object.', null);
}

function messagesIn(value: unknown): readonly Message[] {
  if (!Array.isArray(value)) throw new BadRequest("Missing required parameter: 'messages'.", 'messages');
  if (value.length === 0) throw new BadRequest("Invalid 'messages': empty array.", 'messages');
  return value.map((message: unknown, index) => messageIn(message, `messages[${index}]`));
}

function messageIn(value: unknown, where: string): Message {
  if (!isObject(value)) throw new BadRequest(`Invalid type for '${where}': expected an object.`, where);
  const { role, content } = value;
  if (typeof role !== 'string' || !ROLES.has(role)) {
    throw new BadRequest(
      `Invalid value for '${where}.role': expected one of ${[...ROLES].join(', ')}.`,
      `${where}.role`,
    );
  }
  return { role, content: textIn(content, role, `${where}.content`) };
}

/** The text of a message, which may come in parts; an assistant that only called tools has none. */
function textIn(content: unknown, role: string, where: string): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) {
    return content
      .map((part: unknown) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
      .join('');
  }
  if (role === 'assistant' && (content === null || content === undefined)) return '';
  throw new BadRequest(`Invalid type for '${where}': expected a string or a list of parts.`, where);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}
