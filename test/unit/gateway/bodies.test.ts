import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Body, withoutSecrets } from '../../../src/gateway/bodies.ts';

test('secrets are masked, also in what was cut off', () => {
  expect(withoutSecrets('{"apiKey": "abc\\"d", "n": 1}')).toBe('{"apiKey": "***", "n": 1}');
  expect(withoutSecrets('{"user":{"password":"hus')).toBe('{"user":{"password":"***"');
  expect(withoutSecrets('a=1&access_token=abc&b=2')).toBe('a=1&access_token=***&b=2');
  expect(withoutSecrets('/login?secret=s%20t')).toBe('/login?secret=***');
  expect(withoutSecrets('postgres://me:hush@host/db')).toBe('postgres://me:***@host/db');
});

test('a body is counted whole and kept up to the cap', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.nat({ max: 50 }), (parts, most) => {
      const body = new Body(most);
      for (const part of parts) body.add(Buffer.from(part));
      const all = parts.join('');
      expect(body.bytes).toBe(all.length);
      expect(body.text ?? '').toBe(withoutSecrets(all.slice(0, most)));
    }),
  );
});
