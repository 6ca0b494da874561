import { expect, test } from 'vitest';
import { passedEnv } from '../../../src/config/passed-env.ts';

test('passes on what programs need anywhere, markers of CI systems, and declared names', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/me',
    TZ: 'UTC',
    NODE_COMPILE_CACHE: '/home/me/.cache/node',
    LC_ALL: 'C',
    LC_TIME: 'C',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    LICENSE_KEY: 'declared',
    EMPTY: '',
    VITEST_POOL_ID: '3',
    NODE_OPTIONS: '--inspect',
    npm_lifecycle_event: 'test',
    DATABASE_URL: 'of this run',
    GREENROOM_FILE: 'of this run',
  };
  expect(passedEnv(env, ['LICENSE_KEY', 'EMPTY', 'NOT_SET'])).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    TZ: 'UTC',
    NODE_COMPILE_CACHE: '/home/me/.cache/node',
    LC_ALL: 'C',
    LC_TIME: 'C',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    LICENSE_KEY: 'declared',
    EMPTY: '',
  });
});
