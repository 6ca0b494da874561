import { expect, test } from 'vitest';
import { redact, redactText } from '../../../src/protocol/redact.ts';

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
