/** `greenroom/llm`: a server that speaks as LLM providers do, and says what it was told to. */
import {
  defineResource,
  type CommonOptions,
  type HealthOptions,
  type HttpGatewayOptions,
  type Resource,
  type ScopeOptions,
  type SliceOptions,
} from '../define.ts';
import type { Scenario } from './scenario.ts';

export type { Reply, ReplyParts, Scenario, TextMatch, ToolCall, When } from './scenario.ts';

/** A slice is a port of the same server: what is asked there without saying whose it is, is its holder's. */
export interface MockLlmOptions
  extends
    CommonOptions,
    SliceOptions,
    ScopeOptions<MockLlmEndpoint>,
    HttpGatewayOptions,
    HealthOptions<MockLlmEndpoint> {
  /** What is answered to whoever has not scripted an answer: globs of JSON files, and scenarios themselves. */
  readonly scenarios?: string | readonly (string | Scenario)[];
  /** No answer calls a tool. A spec can say the same for itself. */
  readonly forceText?: boolean;
}

/** `baseUrl` is what OpenAI clients want: the url with `/v1`. Anthropic's want `url`. */
export type MockLlmEndpoint = {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly baseUrl: string;
  /** Path of the socket by which it is told what to answer: for `script` of `greenroom/llm/client`. */
  readonly control: string;
};

export function mockLlm(options: MockLlmOptions = {}): Resource<MockLlmEndpoint> {
  return defineResource<MockLlmEndpoint>('mockLlm', { ...options });
}
