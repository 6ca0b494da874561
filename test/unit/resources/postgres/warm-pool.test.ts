import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WarmPool } from '../../../../src/resources/postgres/warm-pool.ts';

/** A world in which making and destroying end when the test says so. */
class World {
  readonly log: string[] = [];
  readonly making: PromiseWithResolvers<string>[] = [];
  readonly destroying: { readonly item: string; readonly done: PromiseWithResolvers<string | undefined> }[] = [];
  live = 0;
  peak = 0;
  made = 0;
  readonly pool: WarmPool<string>;

  constructor(ready: number, parallel: number, cap: number) {
    this.pool = new WarmPool<string>({
      create: () => {
        this.log.push('create');
        this.live += 1;
        this.peak = Math.max(this.peak, this.live);
        const next = Promise.withResolvers<string>();
        this.making.push(next);
        return next.promise;
      },
      takeBack: (item) => {
        this.log.push('destroy');
        const done = Promise.withResolvers<string | undefined>();
        this.destroying.push({ item, done });
        return done.promise;
      },
      ready: () => ready,
      parallel,
      cap,
    });
  }

  async make(ok = true): Promise<void> {
    rest();
    const next = this.making.shift();
    if (next === undefined) return;
    if (ok) next.resolve(`item ${(this.made += 1)}`);
    else {
      this.live -= 1;
      next.reject(new Error('no room'));
    }
    await settle();
  }

  async destroy(): Promise<void> {
    rest();
    const next = this.destroying.shift();
    if (next === undefined) return;
    this.live -= 1;
    next.done.resolve(undefined);
    await settle();
  }

  /** What came back was not touched. */
  async renew(): Promise<void> {
    rest();
    this.destroying.shift()?.done.resolve(`item ${(this.made += 1)}`);
    await settle();
  }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** What nobody waits for is begun after a pause. */
const rest = (): void => void vi.runAllTimers();

/** All that follows from what has happened, without any time. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('nothing is made before somebody asks, and nothing any more when nobody is left', async () => {
  const world = new World(2, 2, 10);
  expect(world.log).toEqual([]);
  const taken = world.pool.take();
  await world.make();
  const item = await taken;
  await world.make();
  await world.make();
  expect(world.live, 'one in use, two ready').toBe(3);
  void world.pool.giveBack(item);
  await world.destroy();
  expect(world.making).toHaveLength(0);
  expect(world.live).toBe(2);
});

test('what came back is destroyed before anything is made', async () => {
  const world = new World(2, 1, 10);
  const taken = world.pool.take();
  await world.make();
  const item = await taken;
  // The one lane is busy making the first spare.
  rest();
  void world.pool.giveBack(item);
  const next = world.pool.take();
  await world.make();
  await expect(next).resolves.toBe('item 2');
  rest();
  expect(world.log).toEqual(['create', 'create', 'destroy']);
});

test('spares wait until nobody waits for anything else', async () => {
  const world = new World(1, 2, 10);
  const both = [world.pool.take(), world.pool.take()];
  world.making.shift()?.resolve('one');
  await settle();
  expect(world.making, 'the other, though a lane is free').toHaveLength(1);
  world.making.shift()?.resolve('two');
  expect(await Promise.all(both)).toEqual(['one', 'two']);
  expect(world.making).toHaveLength(0);
  rest();
  expect(world.making).toHaveLength(1);
});

test('a start is a use: the first are made ahead while it takes', async () => {
  const world = new World(2, 1, 10);
  const start = Promise.withResolvers<void>();
  const during = world.pool.during(start.promise);
  await world.make();
  start.resolve();
  await during;
  await expect(world.pool.take()).resolves.toBe('item 1');
  const failed = world.pool.during(Promise.reject(new Error('no server')));
  await expect(failed).rejects.toThrow('no server');
});

test('who asks for the next one is served before anything is done with what came back', async () => {
  const world = new World(1, 2, 10);
  const taken = world.pool.take();
  await world.make();
  await world.make();
  const before = world.log.length;
  void world.pool.giveBack(await taken);
  await expect(world.pool.take()).resolves.toBe('item 2');
  expect(world.log).toHaveLength(before);
  rest();
  expect(world.log.slice(before)).toEqual(['destroy', 'create']);
});

test('what came back untouched goes to who waits, or is ready', async () => {
  const world = new World(0, 1, 1);
  const taken = world.pool.take();
  await world.make();
  void world.pool.giveBack(await taken);
  const next = world.pool.take();
  await world.renew();
  await expect(next).resolves.toBe('item 2');
  void world.pool.giveBack('item 2');
  await world.renew();
  await expect(world.pool.take()).resolves.toBe('item 3');
  expect(world.log.filter((one) => one === 'create')).toHaveLength(1);
});

test('what cannot be made is told to who waits longest, and a spare that fails is not tried again until somebody asks', async () => {
  const world = new World(1, 1, 10);
  const [first] = await Promise.allSettled([world.pool.take(), world.make(false)]);
  expect(first).toMatchObject({ status: 'rejected', reason: new Error('no room') });
  const second = world.pool.take();
  await world.make();
  await second;
  await world.make(false);
  expect(world.making, 'no loop').toHaveLength(0);
});

test('what never comes back takes no place of others', async () => {
  const world = new World(0, 1, 1);
  const taken = world.pool.take();
  await world.make();
  await taken;
  const next = world.pool.take();
  expect(world.making).toHaveLength(0);
  world.pool.forgo();
  await world.make();
  await expect(next).resolves.toBe('item 2');
});

test('what cannot be taken back is told to who gave it, and is in nobody’s way', async () => {
  const world = new World(0, 1, 1);
  const taken = world.pool.take();
  await world.make();
  const back = world.pool.giveBack(await taken);
  rest();
  world.destroying.shift()?.done.reject(new Error('in use'));
  await expect(back).rejects.toThrow('in use');
  const next = world.pool.take();
  await world.make();
  await expect(next).resolves.toBe('item 2');
});

test('any history: never above the cap, no item twice, and everybody is served', async () => {
  const act = fc.constantFrom('take', 'give', 'make', 'fail', 'destroy', 'renew');
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 60 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 6 }),
      async (acts, ready, parallel, cap) => {
        const world = new World(ready, parallel, cap);
        const held: string[] = [];
        const seen = new Set<string>();
        let waiting = 0;
        for (const one of acts) {
          if (one === 'take') {
            waiting += 1;
            world.pool.take().then(
              (item) => {
                waiting -= 1;
                expect(seen.has(item), 'handed out once').toBe(false);
                seen.add(item);
                held.push(item);
              },
              () => (waiting -= 1),
            );
          }
          const back = one === 'give' ? held.shift() : undefined;
          if (back !== undefined) void world.pool.giveBack(back);
          if (one === 'make') await world.make();
          if (one === 'fail') await world.make(false);
          if (one === 'destroy') await world.destroy();
          if (one === 'renew') await world.renew();
          await settle();
          expect(world.live).toBeLessThanOrEqual(cap);
          expect(world.making.length + world.destroying.length).toBeLessThanOrEqual(parallel);
        }
        for (let round = 0; round < 300; round += 1) {
          await world.make();
          await world.destroy();
          const back = held.shift();
          if (back !== undefined) void world.pool.giveBack(back);
          await settle();
        }
        expect(waiting, 'nobody waits for ever').toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});
