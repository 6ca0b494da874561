/**
 * `greenroom/llm/client`: tells a mock LLM what to answer, and asks it what it was asked, for one spec or one slot. Loads
 * nothing but Node.
 */
import type { Json } from '../protocol/plan.ts';
import { askControl } from '../resources/llm/control-client.ts';
import type { Api, Reply, Scenario, When } from '../resources/llm/scenario.ts';
import { scripter, type Whose } from './whose.ts';

export type { Reply, ReplyParts, Scenario, TextMatch, ToolCall, When } from '../resources/llm/scenario.ts';
export type { Whose } from './whose.ts';

/** One request that the mock LLM has got. */
export interface LlmCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly api: Api;
  /** Name of the scenario that answered; null when none did. */
  readonly scenario: string | null;
  /** What was sent. */
  readonly body: Readonly<Record<string, Json>>;
  /** The texts of what is said in it, system prompt included, in their order. */
  readonly texts: readonly string[];
}

export interface ReplyOptions {
  /** Only to such requests; default: to any. */
  readonly when?: When;
  /** How often it answers; default: once, or once for each of a list. */
  readonly times?: number | 'always';
  /** In messages and in `calls()`. */
  readonly name?: string;
}

/** What the mock LLM says to one spec, and has heard from it. */
export interface LlmScript {
  /**
   * Adds an answer, or several that are given one after the other. What was added first and fits answers first.
   *
   * @throws Error that says what is wrong with it
   */
  reply(reply: Reply | readonly Reply[], options?: ReplyOptions): Promise<void>;
  /** While it is on, no answer calls a tool. */
  forceText(on?: boolean): Promise<void>;
  /** What was asked, oldest first. */
  calls(): Promise<readonly LlmCall[]>;
  /** The texts of the last request, for an assertion on what was asked. @throws Error when there was none */
  lastCall(): Promise<LlmCall>;
  /** Forgets all of it. Vitest's specs do that at their end. Returns the names of answers that nobody asked for. */
  end(): Promise<readonly string[]>;
}

/**
 * What the mock LLM at this endpoint is to say. In a Vitest worker: to the spec that runs when a method is called; in a
 * module or a `beforeAll`, to all specs of the worker. Elsewhere: to the slot of `GREENROOM_SLOT`.
 *
 * @param whose Another slot or spec; `{ spec: undefined }` is the worker's slot as a whole.
 */
export function script(endpoint: { readonly control: string }, whose: Whose = {}): LlmScript {
  const control = controlOf(endpoint);
  const ask = async (path: string, order: object = {}): Promise<unknown> => {
    const who = scripter(whose, () => askControl(control, '/end', { who }), control);
    return askControl(control, path, { who, ...order });
  };
  const calls = async (): Promise<readonly LlmCall[]> => {
    const { calls: kept, dropped } = (await ask('/calls')) as { calls: LlmCall[]; dropped: number };
    if (dropped > 0) throw new Error(`${dropped} earlier calls were more than the mock LLM keeps`);
    return kept.map((call) => ({ ...call, texts: textsIn(call.body) }));
  };
  return {
    async reply(reply, { when, times = Array.isArray(reply) ? reply.length : 1, name } = {}) {
      const scenario: Scenario = {
        reply,
        ...(when === undefined ? {} : { when: plain(when) }),
        ...(times === 'always' ? {} : { times }),
        ...(name === undefined ? {} : { name }),
      };
      await ask('/reply', { scenario });
    },
    forceText: async (on = true) => void (await ask('/force-text', { on })),
    calls,
    async lastCall() {
      const last = (await calls()).at(-1);
      if (last === undefined) throw new Error('the mock LLM was asked nothing by this spec');
      return last;
    },
    end: async () => ((await ask('/end')) as { readonly unused: readonly string[] }).unused,
  };
}

/** Types do not know that `inject` has nothing of what each worker has a part of. */
function controlOf(endpoint: { readonly control: string } | undefined): string {
  if (typeof endpoint?.control === 'string') return endpoint.control;
  throw new TypeError(
    "`script` needs the endpoint of a mock LLM; where it is sliced, that is `endpoint('llm')` of greenroom/vitest",
  );
}

/** Regular expressions do not get through JSON. */
function plain(when: When): When {
  const entries = Object.entries(when).map(([key, match]: [string, unknown]) => [
    key,
    match instanceof RegExp ? { pattern: match.source, flags: match.flags } : match,
  ]);
  return Object.fromEntries(entries) as When;
}

/** Where the providers have what is said. */
const SAID = new Set(['instructions', 'system', 'messages', 'input', 'content', 'text', 'output']);

function textsIn(body: LlmCall['body']): readonly string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (Array.isArray(value)) return value.flatMap(texts);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => (SAID.has(key) ? texts(inner) : []));
  };
  return ['instructions', 'system', 'messages', 'input'].flatMap((key) => texts(body[key]));
}
