import type { Endpoints } from '../protocol/plan.ts';

/** The part of `GREENROOM_<NAME>_URL` that stands for a resource: `mockLlm` → `MOCK_LLM`, `my-db` → `MY_DB`. */
export function envName(resource: string): string {
  return resource
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();
}

/** `GREENROOM_<NAME>_URL`, `_HOST` and `_PORT` of each endpoint, as far as it has them. */
export function endpointEnv(endpoints: Endpoints): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [resource, endpoint] of Object.entries(endpoints)) {
    const prefix = `GREENROOM_${envName(resource)}`;
    if (endpoint.url !== undefined) env[`${prefix}_URL`] = endpoint.url;
    if (endpoint.host !== undefined) env[`${prefix}_HOST`] = endpoint.host;
    if (endpoint.port !== undefined) env[`${prefix}_PORT`] = String(endpoint.port);
  }
  return env;
}
