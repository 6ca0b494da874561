import { expect, test } from 'vitest';
import { checkVitest, commandFor, waysOf } from '../../../../src/cli/audit/command.ts';

const [alone, all, shuffled] = waysOf(42);
const ours = ['--watch=false', '--bail=0', '--reporter=default', '--reporter=json', '--outputFile.json=/r'];

test.each([
  [['vitest', 'run']],
  [['npx', 'vitest', 'run', 'specs']],
  [['node', 'node_modules/vitest/vitest.mjs']],
  [['./node_modules/.bin/vitest', '--run']],
])('%j is a command of Vitest', (command) => {
  expect(() => checkVitest(command)).not.toThrow();
});

test.each([
  [['npm', 'test'], 'takes a command of Vitest, got `npm test`'],
  [['npx', 'jest', 'vitest.test.ts'], 'takes a command of Vitest'],
  [['vitest', 'watch'], '`vitest watch` runs no specs to its end'],
  [['vitest', 'list'], '`vitest list` runs no specs'],
])('%j is refused', (command, message) => {
  expect(() => checkVitest(command)).toThrow(message);
});

test('each way adds its own flags to the command', () => {
  const command = ['vitest', 'run', 'specs'];
  expect(commandFor(alone!, command, '/r')).toEqual([...command, ...ours, '--maxWorkers=1']);
  expect(commandFor(all!, command, '/r')).toEqual([...command, ...ours]);
  expect(commandFor(shuffled!, command, '/r')).toEqual([
    ...command,
    ...ours,
    '--sequence.shuffle.files=true',
    '--sequence.shuffle.tests=true',
    '--sequence.seed=42',
  ]);
  expect(shuffled!.name).toContain('42');
});

test('flags of the user that say the same give way, and all others stay', () => {
  const command = [
    'vitest',
    '--max-workers',
    '4',
    '--sequence.shuffle',
    'specs',
    '--bail=1',
    '-t',
    'it',
    '--no-isolate',
  ];
  expect(commandFor(alone!, command, '/r')).toEqual([
    'vitest',
    'specs',
    '-t',
    'it',
    '--no-isolate',
    ...ours,
    '--maxWorkers=1',
  ]);
  expect(commandFor(all!, command, '/r').slice(0, 4)).toEqual(['vitest', '--max-workers', '4', 'specs']);
  expect(commandFor(shuffled!, ['vitest', '--sequence.seed=7', '--watch', 'specs'], '/r').slice(0, 2)).toEqual([
    'vitest',
    'specs',
  ]);
});

test('a reporter of the user takes the place of the default one, and what follows `--` stays behind', () => {
  expect(commandFor(all!, ['vitest', '--reporter=dot', '--', 'specs'], '/r')).toEqual([
    'vitest',
    '--reporter=dot',
    ...ours.filter((flag) => flag !== '--reporter=default'),
    '--',
    'specs',
  ]);
});
