/** What happens to the health of a resource, for histories of events. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { always, command, inState, nth } from './model.ts';
import { GRAPH } from './world.ts';

export const check = fc
  .tuple(fc.nat(), fc.constantFrom('reported' as const, 'check-error' as const, undefined))
  .map(([n, what]) =>
    command(`a check finds ${what ?? 'nothing'}`, always, (_model, world) => {
      const resource = nth(inState(world, 'up', 'broken', 'reviving'), n);
      if (resource === undefined) return;
      const before = world.state.health[resource]?.checks ?? 0;
      const problem = what === undefined ? {} : { problem: { what, answer: 'no' } };
      world.dispatch({ kind: 'checked', resource, ...problem });
      expect(world.state.health[resource]?.checks, 'each check is counted').toBe(before + 1);
      if (what !== undefined && world.doorOpen)
        expect(world.state.resources[resource]?.state, 'who is not well is used by nobody').not.toBe('ready');
    }),
  );

export const awaitHealth = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(...Object.keys(GRAPH.resources)),
    fc.constantFrom('healed' as const, 'checks' as const),
  )
  .map(([n, resource, what]) =>
    command(
      `await ${what} of ${resource}`,
      (model) => model.members.size > 0,
      (model, world) => {
        const member = nth([...model.members.keys()], n) ?? '';
        world.dispatch({
          kind: 'health.awaited',
          member,
          request: world.nextId(),
          resource,
          what,
          atLeast: 1,
          timeout: 500,
        });
      },
    ),
  );
