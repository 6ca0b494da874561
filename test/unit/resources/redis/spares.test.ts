import { expect, test } from 'vitest';
import { FEWEST, Spares } from '../../../../src/resources/redis/spares.ts';

/** Servers whose starts and ends the test decides. */
class Yard {
  readonly started: PromiseWithResolvers<Server>[] = [];
  readonly stopped: Server[] = [];

  readonly start = (): Promise<Server> => {
    const starting = Promise.withResolvers<Server>();
    this.started.push(starting);
    return starting.promise;
  };

  /** The start of this number has come to its end. */
  async up(at: number): Promise<Server> {
    const end = Promise.withResolvers<void>();
    const server: Server = { ended: end.promise, end: end.resolve, stop: async () => void this.stopped.push(server) };
    this.started[at]?.resolve(server);
    await settled();
    return server;
  }

  async fails(at: number): Promise<void> {
    this.started[at]?.reject(new Error(`start ${at} failed`));
    await settled();
  }
}

interface Server {
  readonly ended: Promise<void>;
  end(): void;
  stop(): Promise<void>;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('nothing is started before the first is taken; spares only once nobody waits', async () => {
  const yard = new Yard();
  const spares = new Spares(3, yard.start);
  expect(yard.started).toHaveLength(0);
  const first = spares.take();
  expect(yard.started).toHaveLength(1);
  const server = await yard.up(0);
  expect(await first).toBe(server);
  expect(yard.started, 'for three workers, and two more').toHaveLength(3 + FEWEST);
});

test('each is handed out once, and replaced when it is given back', async () => {
  const yard = new Yard();
  const spares = new Spares(1, yard.start);
  const first = spares.take();
  await yard.up(0);
  const [one, two] = [await yard.up(1), await yard.up(2)];
  expect(await spares.take()).toBe(one);
  await settled();
  expect(yard.started, 'there are never fewer than two to be had').toHaveLength(4);
  spares.giveBack();
  expect(await spares.take()).toBe(two);
  expect(new Set([await first, one, two]).size).toBe(3);
});

test('a spare that has ended is not handed out', async () => {
  const yard = new Yard();
  const spares = new Spares(1, yard.start);
  void spares.take();
  await yard.up(0);
  const [dead, alive] = [await yard.up(1), await yard.up(2)];
  dead.end();
  await settled();
  expect(await spares.take()).toBe(alive);
});

test('a spare that fails to start is not tried for ever; who had taken it gets one that is started for it', async () => {
  const yard = new Yard();
  const spares = new Spares(1, yard.start);
  void spares.take();
  await yard.up(0);
  await yard.fails(1);
  expect(yard.started).toHaveLength(3);
  const second = spares.take();
  await yard.fails(2);
  expect(yard.started).toHaveLength(4);
  const server = await yard.up(3);
  expect(await second).toBe(server);
});

test('what cannot be started at all is told to who asked', async () => {
  const yard = new Yard();
  const spares = new Spares(1, yard.start);
  const taken = spares.take().catch((error: Error) => error.message);
  await yard.fails(0);
  expect(await taken).toBe('start 0 failed');
});

test('at the end all spares are stopped, also those that are still starting, and nothing is started any more', async () => {
  const yard = new Yard();
  const spares = new Spares(1, yard.start);
  void spares.take();
  await yard.up(0);
  const ready = await yard.up(1);
  const closed = spares.close();
  const late = await yard.up(2);
  await closed;
  expect(yard.stopped).toEqual([ready, late]);
  spares.giveBack();
  expect(yard.started).toHaveLength(3);
});
