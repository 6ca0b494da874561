import { expect, test } from 'vitest';
import { isNeedless } from '../../../../src/resources/postgres/maps.ts';

test.each([
  ['1259_fsm', true],
  ['1259_vm', true],
  ['16385_fsm', true],
  ['16383_vm', true],
  ['16384_vm', false],
  ['16385_init', false],
  ['1259', false],
  ['1259.1', false],
  ['1259_fsm.1', true],
  ['16385_vm.1', false],
  ['PG_VERSION', false],
  ['pg_filenode.map', false],
])('whether %s is a map that nobody needs: %s', (file, needless) => {
  expect(isNeedless(file)).toBe(needless);
});
