import { join } from 'node:path';
import { toFailure } from '../../protocol/failure.ts';
import type { ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { startServer, type RedisServer } from './server.ts';
import { Spares } from './spares.ts';

/**
 * Each slice is a server of its own, which is killed with it and so is clean by construction.
 *
 * @param directory Of the resource; each server has one of its own in it.
 */
export function offerServers(ctx: ResourceContext, directory: string): void {
  let count = 0;
  const spares = new Spares<RedisServer>(ctx.expectedWorkers() ?? 0, () => {
    count += 1;
    const label = `${ctx.name}-${count}`;
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(ctx.plan.startTimeout)]);
    return startServer(ctx, { label, directory: join(directory, label), signal });
  });
  ctx.defer(`spare servers of ${ctx.name}`, () => spares.close());
  const held = new Map<string, Promise<RedisServer>>();
  ctx.offerSlices({
    async make(name, _slot, lost) {
      const taking = spares.take();
      held.set(name, taking);
      const { endpoint, ended, label } = await taking;
      void ended.then((exit) => {
        const message = `${label}, the server of a slice of ${ctx.name}, ${describeExit(exit)} while in use`;
        if (held.has(name)) lost(toFailure(ctx.error('RESOURCE_LOST', message), 'RESOURCE_LOST'));
      });
      return endpoint;
    },
    async drop(name) {
      const taking = held.get(name);
      held.delete(name);
      spares.giveBack();
      const server = await taking?.catch(() => undefined);
      await server?.stop();
    },
  });
}
