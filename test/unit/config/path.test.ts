import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPath, writePath } from '../../../src/config/path.ts';

test('reads as a person would write it', () => {
  expect(writePath(['resources', 'api', 'options', 'env'])).toBe('resources.api.options.env');
});

test('any keys come back as they were, dots and percent signs included', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('.', '%', '2', 'E', '5', 'a') })), {
        minLength: 1,
      }),
      (keys) => {
        expect(readPath(writePath(keys))).toEqual(keys);
      },
    ),
  );
});
