/** Errors in each provider's own shape. Pure. */
import type { ErrorWords } from './dialect.ts';

const OPENAI: Readonly<Record<number, readonly [type: string, code: string | null, message: string]>> = {
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  403: ['invalid_request_error', 'unsupported_country_region_territory', 'Country, region, or territory not supported'],
  404: ['invalid_request_error', 'model_not_found', 'The model does not exist or you do not have access to it.'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'],
  500: ['server_error', null, 'The server had an error while processing your request.'],
  503: ['server_error', null, 'The engine is currently overloaded, please try again later.'],
};

export function openAiError(status: number, { message, type, code, param = null }: ErrorWords): object {
  const [usualType, usualCode, usualMessage] = OPENAI[status] ?? [
    status < 500 ? 'invalid_request_error' : 'server_error',
    null,
    `The server answered with status ${status}.`,
  ];
  // An error with words of its own is not the usual one.
  const usual = message === undefined ? usualCode : null;
  return { error: { message: message ?? usualMessage, type: type ?? usualType, param, code: code ?? usual } };
}

const ANTHROPIC: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'The request is invalid.'],
  401: ['authentication_error', 'invalid x-api-key'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'The requested resource could not be found.'],
  413: ['request_too_large', 'Request exceeds the maximum allowed number of bytes.'],
  429: ['rate_limit_error', 'Number of requests has exceeded your rate limit.'],
  529: ['overloaded_error', 'Overloaded'],
};

export function anthropicError(status: number, { message, type }: ErrorWords): object {
  const [usualType, usualMessage] = ANTHROPIC[status] ?? [
    status < 500 ? 'invalid_request_error' : 'api_error',
    status < 500 ? `The server answered with status ${status}.` : 'Internal server error',
  ];
  const error = { type: type ?? usualType, message: message ?? usualMessage };
  return { type: 'error', error, request_id: 'req_greenroom' };
}
