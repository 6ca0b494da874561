/** The check of scenarios, wherever they come from: the config, a file, or a spec. */
import { z } from 'zod';
import type { RegExpRef } from '../../protocol/plan.ts';
import type { ReplyParts, Scenario, Script, TextMatch, When } from './scenario.ts';

const milliseconds = z.number().min(0, 'a number of milliseconds from 0 on').max(3_600_000, 'at most an hour');
const count = z.int('a whole number from 0 on').min(0, 'a whole number from 0 on');
const json = z.json();

function compiles({ pattern, flags = '' }: { pattern: string; flags?: string | undefined }): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}

const textMatch = z.union(
  [
    z.string(),
    z.instanceof(RegExp),
    z.strictObject({ $regexp: z.strictObject({ source: z.string(), flags: z.string() }) }),
    z
      .strictObject({ pattern: z.string(), flags: z.string().optional() })
      .refine(compiles, { error: 'a regular expression' }),
  ],
  { error: 'a string, a regular expression or `{ pattern, flags }`' },
);

const when = z.strictObject({
  api: z.enum(['chat', 'responses', 'embeddings', 'messages']).optional(),
  model: textMatch.optional(),
  user: textMatch.optional(),
  system: textMatch.optional(),
  tool: z.string().optional(),
  turn: z.enum(['user', 'assistant', 'tool']).optional(),
});

const INSTEAD = ['error', 'rateLimit', 'hang'] as const;
const CONTENT = ['text', 'json', 'toolCalls', 'refusal', 'embedding'] as const;

const replyParts = z
  .strictObject({
    text: z.string().optional(),
    json: json.optional(),
    toolCalls: z
      .array(z.strictObject({ name: z.string().min(1), arguments: json.optional(), id: z.string().min(1).optional() }))
      .min(1)
      .optional(),
    refusal: z.string().optional(),
    embedding: z.array(z.number()).min(1).optional(),
    finish: z.enum(['length', 'content_filter']).optional(),
    usage: z.strictObject({ input: count, output: count }).optional(),
    error: z
      .strictObject({
        status: z.int().min(400, 'a status from 400 to 599').max(599, 'a status from 400 to 599'),
        message: z.string().optional(),
        type: z.string().optional(),
        code: z.string().optional(),
        body: json.optional(),
        headers: z
          .record(
            z.string().regex(/^[\w-]+$/, 'the name of a header'),
            z.string().regex(/^[\t\x20-\x7e]*$/, 'one line of ASCII'),
          )
          .optional(),
      })
      .optional(),
    rateLimit: z.strictObject({ retryAfter: z.number().min(0, 'seconds from 0 on') }).optional(),
    hang: z.literal(true).optional(),
    delay: milliseconds.optional(),
    chunks: z.array(z.string()).min(1).optional(),
    chunkDelay: milliseconds.optional(),
    cutAfter: count.optional(),
    hangAfter: count.optional(),
  })
  .refine(isOne, {
    error: `one of \`${CONTENT.join('`, `')}\` and \`chunks\`, or else one of \`${INSTEAD.join('`, `')}\``,
  });

function isOne(reply: object): boolean {
  const instead = INSTEAD.filter((key) => key in reply).length;
  const content = [...CONTENT, 'chunks'].filter((key) => key in reply);
  if (instead > 0) return instead === 1 && content.length === 0;
  const both = content.filter((key) => key !== 'toolCalls' && key !== 'chunks').length;
  return content.length > 0 && both <= 1;
}

const reply = z.union([z.string(), replyParts], { error: 'a text or an object' });

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).optional(),
  when: when.optional(),
  reply: z.union([reply, z.array(reply).min(1, 'at least one reply')], { error: 'a reply or a list of them' }),
  times: z.int('a whole number from 1 on').min(1, 'a whole number from 1 on').optional(),
});

/** @param name Where it stands, for one that has none. */
export function scriptOf({ name: own, when: asked = {}, reply: given, times }: Scenario, name: string): Script {
  const replies = (Array.isArray(given) ? given : [given]) as readonly (string | ReplyParts)[];
  return {
    name: own ?? name,
    when: Object.fromEntries(
      Object.entries(asked).map(([key, value]) => [key, plainMatch(value as TextMatch | RegExpRef)]),
    ) as When<string | RegExpRef>,
    replies: replies.map((one) => (typeof one === 'string' ? { text: one } : one)),
    ...(times === undefined ? {} : { times }),
  };
}

function plainMatch(match: TextMatch | RegExpRef): string | RegExpRef {
  if (typeof match === 'string' || '$regexp' in match) return match;
  if (match instanceof RegExp) return { $regexp: { source: match.source, flags: match.flags } };
  return { $regexp: { source: match.pattern, flags: match.flags ?? '' } };
}
