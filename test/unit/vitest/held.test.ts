import { expect, test } from 'vitest';
import { askedByAll } from '../../../src/vitest/pool/held.ts';

const CONTENTS = {
  resources: { db: ['db'], llm: ['llm'], api: ['api', 'db'] },
  slices: {},
  resets: [],
  gates: { seeded: ['db'], catalog: ['api', 'db'] },
};

test('where no file says what it needs, a worker is held for everything', () => {
  expect(askedByAll(CONTENTS, [])).toEqual({ resources: ['db', 'llm', 'api'], gates: ['seeded', 'catalog'] });
});

test('a worker is held for what every file is held for, whichever it will get', () => {
  const docblocks = [{ needs: ['api', 'db'] }, { needs: ['db'] }];
  expect(askedByAll(CONTENTS, docblocks)).toEqual({ resources: ['db'], gates: ['seeded'] });
});

test('a file that needs nothing lets no worker be held', () => {
  expect(askedByAll(CONTENTS, [{ needs: [] }, { needs: ['db'] }])).toEqual({ resources: [], gates: [] });
});

test('a file with a mistake in its docblock fails, and keeps no other from being held', () => {
  const failure = { code: 'UNKNOWN_RESOURCE', message: 'there is no resource `bd`' } as const;
  const docblocks = [
    { needs: ['db'], gates: ['seeded'] },
    { needs: [], failure },
  ];
  expect(askedByAll(CONTENTS, docblocks)).toEqual({ resources: ['db'], gates: ['seeded'] });
});
