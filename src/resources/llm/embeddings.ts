/** OpenAI's embeddings: vectors that only depend on model and text. Pure. */
import { createHash } from 'node:crypto';
import { BadRequest, modelIn, tokensIn } from './asked.ts';
import type { Dialect } from './dialect.ts';
import { openAiError } from './provider-errors.ts';

const USUAL_DIMENSIONS = 1_536;
const MOST_DIMENSIONS = 8_192;

export const embeddings: Dialect = {
  read(body) {
    const model = modelIn(body);
    const inputs = inputsIn(body['input']);
    dimensionsIn(body['dimensions']);
    const user = inputs.join('\n');
    return {
      api: 'embeddings',
      model,
      system: '',
      user,
      turn: 'user',
      tools: [],
      stream: false,
      n: 1,
      tokens: inputs.reduce((sum, input) => sum + tokensIn(input), 0),
    };
  },
  whole({ asked, embedding, usage }, body) {
    const dimensions = dimensionsIn(body['dimensions']);
    const base64 = body['encoding_format'] === 'base64';
    const data = inputsIn(body['input']).map((input, index) => {
      const vector =
        embedding === undefined ? vectorOf(`${asked.model}\n${input}`, dimensions) : Float32Array.from(embedding);
      return { object: 'embedding', index, embedding: base64 ? toBase64(vector) : [...vector] };
    });
    const { input } = usage;
    return { object: 'list', data, model: asked.model, usage: { prompt_tokens: input, total_tokens: input } };
  },
  error: openAiError,
};

/** A text, tokens, or a list of either; each as a text. */
function inputsIn(input: unknown): readonly string[] {
  if (typeof input === 'string' && input !== '') return [input];
  if (Array.isArray(input) && input.length > 0) {
    if (input.every((token) => typeof token === 'number')) return [input.join(' ')];
    if (input.every((text) => typeof text === 'string')) return input;
    if (input.every((tokens) => Array.isArray(tokens))) return input.map((tokens: unknown[]) => tokens.join(' '));
  }
  throw new BadRequest("Invalid 'input': expected a string, a list of strings, or tokens.", 'input');
}

function dimensionsIn(dimensions: unknown): number {
  if (dimensions === undefined || dimensions === null) return USUAL_DIMENSIONS;
  const isNumber = typeof dimensions === 'number' && Number.isInteger(dimensions);
  if (isNumber && dimensions >= 1 && dimensions <= MOST_DIMENSIONS) return dimensions;
  throw new BadRequest(`Invalid 'dimensions': expected a whole number from 1 to ${MOST_DIMENSIONS}.`, 'dimensions');
}

/** Of length 1, by a generator (xorshift) that the text seeds. */
function vectorOf(text: string, dimensions: number): Float32Array {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0) || 1;
  const vector = Float32Array.from({ length: dimensions }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
