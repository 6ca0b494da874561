import { expect, test } from 'vitest';
import { endpointEnv, envName } from '../../../src/config/env-names.ts';

test.each([
  ['db', 'DB'],
  ['mockLlm', 'MOCK_LLM'],
  ['HTTPServer', 'HTTP_SERVER'],
  ['s3Bucket', 'S3_BUCKET'],
  ['my-db', 'MY_DB'],
  ['my_db', 'MY_DB'],
  ['db2', 'DB2'],
])('%s is published as GREENROOM_%s', (name, expected) => {
  expect(envName(name)).toBe(expected);
});

test('publishes the url, host and port an endpoint has, and nothing else', () => {
  const env = endpointEnv({
    db: { url: 'postgres://127.0.0.1:5001/app', host: '127.0.0.1', port: 5001, password: 'secret' },
    mockLlm: { url: 'http://127.0.0.1:5002' },
    migrate: {},
  });
  expect(env).toEqual({
    GREENROOM_DB_URL: 'postgres://127.0.0.1:5001/app',
    GREENROOM_DB_HOST: '127.0.0.1',
    GREENROOM_DB_PORT: '5001',
    GREENROOM_MOCK_LLM_URL: 'http://127.0.0.1:5002',
  });
});
