/** `greenroom/llm`: a server that speaks as an LLM provider does, with the same answer to the same question. */
import {
  defineResource,
  type CommonOptions,
  type HttpGatewayOptions,
  type Resource,
  type ScopeOptions,
} from '../define.ts';

/** `baseUrl` is what OpenAI clients want: the url with `/v1`. */
export type MockLlmEndpoint = {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly baseUrl: string;
};

export function mockLlm(
  options: CommonOptions & ScopeOptions<MockLlmEndpoint> & HttpGatewayOptions = {},
): Resource<MockLlmEndpoint> {
  return defineResource<MockLlmEndpoint>('mockLlm', { ...options });
}
