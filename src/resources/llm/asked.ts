/** What of a request scenarios look at, whatever the dialect. Pure. */
import type { Api } from './scenario.ts';

export interface Asked {
  readonly api: Api;
  readonly model: string;
  readonly system: string;
  /** What the user said last. */
  readonly user: string;
  readonly turn: 'user' | 'assistant' | 'tool';
  /** Names of the tools that are offered. */
  readonly tools: readonly string[];
  readonly stream: boolean;
  /** How many choices are wanted. */
  readonly n: number;
  /** JSON is wanted; by this schema, where there is one. */
  readonly json?: { readonly schema?: unknown };
  /** About how many tokens it has. */
  readonly tokens: number;
}

/** A request that is refused, in the words of the provider. */
export class BadRequest extends Error {
  readonly param: string | null;

  constructor(message: string, param: string | null) {
    super(message);
    this.param = param;
  }
}

export type Body = Readonly<Record<string, unknown>>;

/** @throws BadRequest */
export function bodyOf(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadRequest(`We could not parse the JSON body of your request: ${(error as Error).message}`, null);
  }
  if (isObject(value)) return value;
  throw new BadRequest('The JSON body of your request is not an object.', null);
}

/** @throws BadRequest */
export function modelIn({ model }: Body): string {
  if (typeof model === 'string' && model !== '') return model;
  throw new BadRequest('you must provide a model parameter', 'model');
}

/** A message, reduced to who says what. */
export interface Message {
  readonly role: string;
  readonly text: string;
}

/**
 * The messages of a request.
 *
 * @param param Name of their list.
 * @throws BadRequest
 */
export function messagesIn(value: unknown, param: string, roles: ReadonlySet<string>): readonly Message[] {
  if (!Array.isArray(value)) throw new BadRequest(`Missing required parameter: '${param}'.`, param);
  if (value.length === 0) throw new BadRequest(`Invalid '${param}': empty array.`, param);
  return value.map((message: unknown, index) => messageIn(message, `${param}[${index}]`, roles));
}

function messageIn(value: unknown, where: string, roles: ReadonlySet<string>): Message {
  if (!isObject(value)) throw new BadRequest(`Invalid type for '${where}': expected an object.`, where);
  const { role, content } = value;
  if (typeof role !== 'string' || !roles.has(role)) {
    throw new BadRequest(
      `Invalid value for '${where}.role': expected one of ${[...roles].join(', ')}.`,
      `${where}.role`,
    );
  }
  const text = textOf(content);
  if (text !== undefined) return { role, text };
  // One that only called tools has nothing to say.
  if (role === 'assistant' && (content === null || content === undefined)) return { role, text: '' };
  throw new BadRequest(
    `Invalid type for '${where}.content': expected a string or a list of parts.`,
    `${where}.content`,
  );
}

/** The text of a content, which may come in parts. */
export function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  return content
    .map((part: unknown) => {
      if (!isObject(part)) return '';
      if (typeof part['text'] === 'string') return part['text'];
      return part['type'] === 'tool_result' ? (textOf(part['content']) ?? '') : '';
    })
    .join('');
}

/** Names of what is offered as tools, in whatever of the dialects. */
export function toolNames({ tools }: Body): readonly string[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) => {
    if (!isObject(tool)) return [];
    const { name } = isObject(tool['function']) ? tool['function'] : tool;
    return typeof name === 'string' ? [name] : [];
  });
}

/** What a conversation comes to. */
export function conversation(
  messages: readonly Message[],
  system = '',
): Pick<Asked, 'user' | 'turn' | 'system' | 'tokens'> {
  const said = [system, ...messages.flatMap(({ role, text }) => (isSystem(role) ? [text] : []))];
  const last = messages.findLast(({ role }) => !isSystem(role))?.role;
  return {
    system: said.filter((text) => text !== '').join('\n'),
    user: messages.findLast(({ role }) => role === 'user')?.text ?? messages.at(-1)?.text ?? '',
    turn: last === 'tool' || last === 'function' ? 'tool' : last === 'assistant' ? 'assistant' : 'user',
    tokens: messages.reduce((sum, { text }) => sum + tokensIn(text), tokensIn(system)),
  };
}

const isSystem = (role: string): boolean => role === 'system' || role === 'developer';

/** About what a token is in English text. */
const LETTERS_PER_TOKEN = 4;

export function tokensIn(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
