/** What members that run specs do with what others use, for histories of events. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { command, nth, type Model } from './model.ts';

const workersOf = ({ members }: Model): readonly string[] =>
  [...members].flatMap(([id, { slot }]) => (slot === undefined ? [] : [id]));

/** Of what has no slices, so that it is answered at once unless others are in the way. */
export const use = fc
  .tuple(
    fc.nat(),
    fc.subarray(['db', 'llm', 'migrate'], { minLength: 1 }),
    fc.option(fc.constantFrom('db', 'cache', 'llm')),
    fc.boolean(),
  )
  .map(([n, resources, alone, limited]) =>
    command(
      `use ${resources.join()}${alone === null ? '' : `, ${alone} exclusively`}`,
      (model) => workersOf(model).length > 0,
      (model, world) => {
        const member = nth(workersOf(model), n) ?? '';
        const how = { ...(limited ? { timeout: 500 } : {}), ...(alone === null ? {} : { exclusive: [alone] }) };
        world.dispatch({ kind: 'waiting', member, request: world.nextId(), resources, gates: [], ...how });
      },
    ),
  );

/** From all, or from the oldest ones only: an answer to a later wait may be under way. */
export const rest = fc.tuple(fc.nat(), fc.option(fc.nat())).map(([n, some]) =>
  command(
    `rest from ${some === null ? 'all' : 'the oldest'}`,
    (model) => workersOf(model).length > 0,
    (model, world) => {
      const member = nth(workersOf(model), n) ?? '';
      const all = world.uses.usesOf(member);
      world.dispatch({ kind: 'rested', member, waits: some === null ? null : all.slice(0, some % (all.length + 1)) });
      if (some === null)
        expect(
          world.state.uses.filter(({ lease }) => lease === member),
          'who rests uses nothing',
        ).toEqual([]);
    },
  ),
);
