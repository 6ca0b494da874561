/** One mock LLM for all tests of a file. */
import { afterAll } from 'vitest';
import { mockLlm, type MockLlmEndpoint } from '../../src/resources/llm/index.ts';
import { startResource } from './resources.ts';

/** Starts it; stopped after the file's last test. @throws when it could not be started, with why */
export async function mockLlmOfFile(): Promise<{
  readonly endpoint: MockLlmEndpoint;
  readonly pids: readonly number[];
}> {
  const { endpoint, failure, pids, stop } = await startResource(mockLlm(), { keep: true });
  afterAll(stop);
  if (endpoint === undefined) throw new Error(failure?.message);
  return { endpoint, pids };
}
