import { expect, test } from 'vitest';
import { redact, redactorOf, redactText, secretsIn } from '../../../src/protocol/redact.ts';

test('passwords in urls and values under telling names are masked; all else stays', () => {
  expect(redactText('at postgres://user:pw@127.0.0.1:5432/db and redis://:pw@host and http://127.0.0.1:80/a:b@c')).toBe(
    'at postgres://user:***@127.0.0.1:5432/db and redis://:***@host and http://127.0.0.1:80/a:b@c',
  );
  expect(redact({ token: 'x', list: [{ apiKey: 'x', port: 1 }], url: 'a://b:c@d' })).toEqual({
    token: '***',
    list: [{ apiKey: '***', port: 1 }],
    url: 'a://b:***@d',
  });
});

// Quadratic work would take minutes here, and stop the one loop that serves everybody.
test.each(['x', '://', '://a', 'a://b:', ':', '@'])('megabytes of %s are no trouble', (part) => {
  const text = part.repeat(3_000_000 / part.length);
  expect(redactText(text)).toHaveLength(text.length);
});

test.each([
  ['password=hunter22 and more', 'password=*** and more'],
  ['DB_PASSWORD: "hunter 22", port: 1', 'DB_PASSWORD: "***", port: 1'],
  [`{"apiKey":"it's \\"quoted\\"","n":1}`, '{"apiKey":"***","n":1}'],
  [String.raw`"{\"client_secret\":\"abc\",\"n\":1}"`, String.raw`"{\"client_secret\":\"***\",\"n\":1}"`],
  ['Authorization: Bearer abcdefgh.ijkl', 'Authorization: ***'],
  ['sent bearer abcdefgh.ijkl', 'sent bearer ***'],
  ['GET /x?access_token=abc&page=2', 'GET /x?access_token=***&page=2'],
  ['run --db-password swordfish --port 1', 'run --db-password *** --port 1'],
  ['postgres://u:pw@h/db', 'postgres://u:***@h/db'],
  ['a plain word: nothing', 'a plain word: nothing'],
  ['said k3y-of-ours and k3y%2Dof%2Dours', 'said *** and k3y%2Dof%2Dours'],
  ['said a/b+c==d and a%2Fb%2Bc%3D%3Dd', 'said *** and ***'],
])('in the text of others: %s', (text, expected) => {
  expect(redactorOf(['k3y-of-ours', 'a/b+c==d', 'postgres', 'x'])(text)).toBe(expected);
});

test('known secrets are those under telling names, however deep', () => {
  const value = {
    TOKEN: 'abc',
    deep: [{ password: 'def', port: 1 }],
    run: ['x', '--db-password', 'ghi', '-v'],
    host: 'h',
  };
  expect(secretsIn(value)).toEqual(['abc', 'def', 'ghi']);
  expect(redact(value)).toMatchObject({ run: ['x', '--db-password', '***', '-v'] });
});

test.each(['x', 'password', 'password=', 'password="', "secret:'", 'bearer ', '--', '--a-', '\\"token\\":'])(
  'in the text of others megabytes of %s are no trouble',
  (part) => {
    const text = part.repeat(2_000_000 / part.length);
    expect(redactorOf(['k3y-of-ours'])(text).length).toBeGreaterThan(0);
  },
);
