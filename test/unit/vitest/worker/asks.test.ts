import { describe, expect, test } from 'vitest';
import { askedByFile, askedBySpec, covered } from '../../../../src/vitest/worker/asks.ts';
import { contentsOf } from '../../../../src/vitest/worker/contents.ts';

const contents = contentsOf({
  graph: {
    linger: 0,
    leaseTimeout: 0,
    resources: { db: { needs: [] }, migrate: { needs: ['db'] }, llm: { needs: [] }, suite: { needs: ['db'] } },
    gates: {
      schema: { needs: ['migrate'], timeout: 1 },
      model: { needs: ['llm'], timeout: 1 },
      always: { needs: [], timeout: 1 },
    },
  },
});

test('what the coordinator knows has all that is needed, and not the suite', () => {
  expect(contents.resources).toEqual({ db: ['db'], migrate: ['db', 'migrate'], llm: ['llm'] });
  expect(contents.gates).toEqual({ schema: ['db', 'migrate'], model: ['llm'], always: [] });
});

describe('a file is held for', () => {
  test('everything, when it says nothing', () => {
    const all = { resources: ['db', 'migrate', 'llm'], gates: ['schema', 'model', 'always'] };
    expect(askedByFile(contents, {}, [[], ['schema']])).toEqual(all);
    expect(askedByFile(contents, {}, [])).toEqual(all);
  });

  test('all gates over what it needs', () => {
    expect(askedByFile(contents, { needs: ['migrate'] }, [[]])).toEqual({
      resources: ['migrate'],
      gates: ['schema', 'always'],
    });
    expect(askedByFile(contents, { needs: ['db'] }, [[]]).gates).toEqual(['always']);
    expect(askedByFile(contents, { needs: [] }, [[]])).toEqual({ resources: [], gates: ['always'] });
  });

  test('the gates of its docblock, whatever its tags say', () => {
    const asked = { resources: ['db'], gates: ['model'] };
    expect(askedByFile(contents, { needs: ['db'], gates: ['model'] }, [['schema']])).toEqual(asked);
    expect(askedByFile(contents, { gates: [] }, [['schema']]).gates).toEqual([]);
  });

  test('what its tags name, when each spec has such a tag', () => {
    const tags = [
      ['slow', 'schema'],
      ['schema', 'llm'],
    ];
    expect(askedByFile(contents, {}, tags)).toEqual({ resources: ['llm'], gates: ['schema'] });
  });

  test('everything, when one spec has only tags of another kind', () => {
    expect(askedByFile(contents, {}, [['schema'], ['slow']]).gates).toEqual(['schema', 'model', 'always']);
  });
});

describe('a spec is held for', () => {
  const ofFile = { resources: ['llm'], gates: ['schema'] };

  test('what its tags name and its file was not held for', () => {
    expect(askedBySpec(contents, ofFile, ['model', 'schema', 'slow'])).toEqual({ resources: [], gates: ['model'] });
  });

  test('no resource that a gate of its file needs', () => {
    expect(askedBySpec(contents, ofFile, ['db', 'migrate', 'llm'])).toEqual({ resources: [], gates: [] });
    expect([...covered(contents, ofFile)].toSorted()).toEqual(['db', 'llm', 'migrate']);
  });
});
