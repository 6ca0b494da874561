import { describe, expect, test } from 'vitest';
import { isOf, lastPart, meaningsOf, nameFor, nearNames, outdated } from '../../../../src/containers/build/names.ts';

const tagger = { key: '0123456789abcdef', generation: 3, random: 'abc123' };
const digest = 'f'.repeat(64);

describe('a name of ours', () => {
  const name = nameFor('Api_server', digest, tagger);

  test('says of what, for whom and when', () => {
    expect(name).toBe('localhost/greenroom/api-server:ffffffffffffffff-0123456789abcdef-3-abc123');
    expect(isOf(name, digest)).toBe(true);
    expect(isOf(name, `e${digest.slice(1)}`)).toBe(false);
  });

  test('is given up by a later generation of the same key alone', () => {
    const all = [name, 'localhost/api:latest'];
    expect(outdated(all, { ...tagger, generation: 4 })).toEqual([name]);
    expect(outdated(all, tagger)).toEqual([]);
    expect(outdated(all, { ...tagger, key: 'fedcba9876543210', generation: 4 })).toEqual([]);
  });
});

describe('a name of somebody else', () => {
  test.each([
    ['localhost/a/x:1', ['localhost/a/x:1']],
    ['ghcr.io/a/x', ['ghcr.io/a/x:latest']],
    ['host:5000/x:1', ['host:5000/x:1']],
    ['x', ['localhost/x:latest', 'docker.io/library/x:latest', 'x:latest']],
    ['a/x:1', ['localhost/a/x:1', 'docker.io/a/x:1', 'a/x:1']],
  ])('%s means %j', (name, meanings) => {
    expect(meaningsOf(name)).toEqual(meanings);
  });

  test('what is near: another prefix first, then another tag, then a slip; never one of ours', () => {
    const there = [
      'docker.io/library/postgres:16',
      'localhost/kubernaut/dataservice:1',
      'localhost/kubernaut/datastorage:2',
      'localhost/kubernaut/datastorage:1',
      nameFor('datastorage', digest, tagger),
    ];
    expect(nearNames('localhost/datastorage:1', there)).toEqual([
      'localhost/kubernaut/datastorage:1',
      'localhost/kubernaut/datastorage:2',
    ]);
    expect(nearNames('postgre:16', there)).toEqual(['docker.io/library/postgres:16']);
    expect(lastPart('a/b:1')).toBe('b:1');
  });
});
