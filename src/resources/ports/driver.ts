import { reservePorts, type PortBlock } from '../../platform/ports.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { Driver } from '../driver.ts';
import type { PortsPlan } from './options.ts';

/** Ports are reserved by this process, so they are free again when it dies in whatever way. */
export const portsDriver: Driver = {
  async start(ctx) {
    const { count = 1 } = ctx.plan.options as PortsPlan;
    if (ctx.plan.slice === undefined) {
      const block = await reservePorts(count);
      ctx.defer(`${count} ports`, block.release);
      return endpointOf(block);
    }
    const blocks = new Map<string, PortBlock>();
    ctx.offerSlices({
      async make(name) {
        const block = await reservePorts(count);
        blocks.set(name, block);
        return endpointOf(block);
      },
      drop(name) {
        blocks.get(name)?.release();
        blocks.delete(name);
      },
    });
    // Who has no slice has no ports.
    return {};
  },
};

function endpointOf({ ports }: PortBlock): Endpoint {
  const [port = 0] = ports;
  return { host: '127.0.0.1', ports, port };
}
