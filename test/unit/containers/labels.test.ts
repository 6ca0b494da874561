import { expect, test } from 'vitest';
import { hostName } from '../../../src/containers/labels.ts';

test.each([
  ['db', 'db'],
  ['mockLlm', 'mock-llm'],
  ['my_api', 'my-api'],
  ['api2Http', 'api2-http'],
  ['web.3', 'web-3'],
])('%s is %s on the network', (name, host) => {
  expect(hostName(name)).toBe(host);
});
