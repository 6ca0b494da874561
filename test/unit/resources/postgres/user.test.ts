import { expect, test } from 'vitest';
import { usersIn } from '../../../../src/resources/postgres/user.ts';

test('the users of a passwd file, and nothing of what else may stand there', () => {
  const text = [
    'root:x:0:0:root:/root:/bin/bash',
    '# a comment: with colons: in it',
    'postgres:x:107:115:PostgreSQL:/:/bin/sh',
    '+::::::',
    'broken',
    '',
  ];
  expect([...usersIn(text.join('\n'))]).toEqual([
    ['root', { uid: 0, gid: 0 }],
    ['postgres', { uid: 107, gid: 115 }],
  ]);
});
