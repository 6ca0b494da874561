import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Queue } from '../../../../src/resources/llm/queue.ts';

test('does what an array does', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('push' as const), value: fc.nat() }),
      fc.record({ do: fc.constant('shift' as const) }),
      fc.record({ do: fc.constant('keep' as const), odd: fc.boolean() }),
    ),
    { maxLength: 100 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new Queue<number>();
      let model: number[] = [];
      for (const step of all) {
        if (step.do === 'push') {
          queue.push(step.value);
          model.push(step.value);
        } else if (step.do === 'shift') expect(queue.shift()).toBe(model.shift());
        else {
          const which = (value: number): boolean => (value % 2 === 1) === step.odd;
          queue.keep(which);
          model = model.filter(which);
        }
        expect([queue.size, queue.all()]).toEqual([model.length, model]);
      }
    }),
  );
});
