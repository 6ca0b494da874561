import { expect, test } from 'vitest';
import { World } from './world.ts';

/** Two workers; what both need is ready, and the first one has it to itself. */
function oneAlone(): World {
  const world = new World();
  world.dispatch({ kind: 'elected' });
  world.dispatch({ kind: 'joined', lease: 'L1', role: 'worker', run: 'r', pid: 11 });
  world.dispatch({ kind: 'joined', lease: 'L2', role: 'worker', run: 'r', pid: 12 });
  world.dispatch({ kind: 'waiting', member: 'L1', request: 1, resources: ['db'], gates: [], exclusive: ['db'] });
  world.infra.set('db', 'up');
  world.dispatch({ kind: 'ready', resource: 'db', endpoint: { port: 1 } });
  expect(world.answers).toMatchObject([{ do: 'answer-ready', member: 'L1' }]);
  return world;
}

test('who is held for too long is told who has it', () => {
  const world = oneAlone();
  world.dispatch({ kind: 'waiting', member: 'L2', request: 2, resources: ['db'], gates: [] });
  expect([...world.timers]).toEqual(['wait:L2:2']);
  world.dispatch({ kind: 'timer', timer: 'wait:L2:2' });
  expect(world.answers.at(-1)).toMatchObject({
    do: 'answer-failed',
    member: 'L2',
    failure: { code: 'WAIT_TIMEOUT', message: 'not ready after 60000 ms: lease 1, pid 11 has it exclusively' },
  });
});

test('who is let in in time has no deadline any more', () => {
  const world = oneAlone();
  world.dispatch({ kind: 'waiting', member: 'L2', request: 2, resources: ['db'], gates: [] });
  world.dispatch({ kind: 'rested', member: 'L1', waits: null });
  expect(world.answers.at(-1)).toMatchObject({ do: 'answer-ready', member: 'L2' });
  expect([...world.timers]).toEqual([]);
});

test('a deadline of the member’s own is the only one', () => {
  const world = oneAlone();
  world.dispatch({ kind: 'waiting', member: 'L2', request: 2, resources: ['db'], gates: [], timeout: 500 });
  world.dispatch({ kind: 'timer', timer: 'wait:L2:2' });
  expect(world.answers.at(-1)).toMatchObject({
    failure: { message: 'not ready after 500 ms: lease 1, pid 11 has it exclusively' },
  });
});
