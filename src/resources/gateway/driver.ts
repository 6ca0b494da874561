import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { askGateway } from '../../gateway/ask.ts';
import { HOST, type GatewaySettings } from '../../gateway/gateway.ts';
import { pause } from '../../platform/deadline.ts';
import { entry } from '../../platform/entry.ts';
import { checkSocketPath } from '../../platform/paths.ts';
import type { Address } from '../../protocol/address.ts';
import { isGreenroomError } from '../../protocol/failure.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import { FRONTED_KINDS } from '../define.ts';
import type { Care, Driver, ManagedProcess, ResourceContext, SliceMaker } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { addressOf, readdressed } from './address.ts';
import type { GatewayPlan } from './options.ts';

/** Milliseconds in which the head of a request must have come: Node's own default. */
const HEAD_TIMEOUT_MS = 60_000;
/** Between two looks whether the gateway listens. */
const LOOK_MS = 5;

/**
 * Starts what a driver starts, and a gateway in front of it: who uses the resource is told the gateway's address. Each
 * slice has a port of its own there. Probes of the resource itself go to the server.
 */
export function behindGateway(driver: Driver): Driver {
  return {
    ...driver,
    async start(ctx) {
      let maker: SliceMaker | undefined;
      let care: Care | undefined;
      const endpoint = await driver.start(
        inFront(
          ctx,
          (offered) => (maker = offered),
          (offered) => (care = offered),
        ),
      );
      const server = serverOf(ctx, endpoint);
      const control = await startGateway(ctx, server);
      const front = (current: Endpoint): Endpoint => atGateway(current, server, control, ctx.slot);
      ctx.care(behind(ctx, () => care, server, front));
      void control.process.exited.then(() => ctx.care({ endpoint }));
      ctx.guard(control.process);
      if (ctx.plan.slice !== undefined && ctx.slot === undefined) {
        ctx.offerSlices(doors(ctx, control.socket, maker ?? wholes(endpoint)));
      }
      return front(endpoint);
    },
  };
}

/** What the driver sees: slices that are ports of the gateway are none of its business. */
function inFront(
  ctx: ResourceContext,
  offerSlices: (maker: SliceMaker) => void,
  care: (care: Care) => void,
): ResourceContext {
  const { slice, ports, ...plan } = ctx.plan;
  return { ...ctx, offerSlices, care, plan: ports === undefined && slice !== undefined ? { ...plan, slice } : plan };
}

/**
 * The server is checked and brought back; the gateway stays, and so must the server's address. Without the gateway,
 * nobody's address leads anywhere any more, and the loss is final.
 */
function behind(
  ctx: ResourceContext,
  care: () => Care | undefined,
  server: Address,
  front: (endpoint: Endpoint) => Endpoint,
): Care {
  const { endpoint = { ...server }, probe } = care() ?? {};
  return {
    endpoint,
    ...(probe === undefined ? {} : { probe }),
    restart: async (signal) => {
      const again = await care()?.restart?.(signal);
      if (again === undefined) throw ctx.error('RESOURCE_LOST', `${ctx.name} cannot be started again`);
      const { host, port } = serverOf(ctx, again);
      if (host === server.host && port === server.port) return front(again);
      throw ctx.error('RESOURCE_LOST', `${ctx.name} came back at another address than its gateway stands before`);
    },
  };
}

/** Slices that are the whole. */
const wholes = (endpoint: Endpoint): SliceMaker => ({ make: () => Promise.resolve(endpoint), drop: () => undefined });

function serverOf(ctx: ResourceContext, endpoint: Endpoint): Address {
  const address = addressOf(endpoint);
  if (address !== undefined) return address;
  throw ctx.error(
    'RESOURCE_START_FAILED',
    `${ctx.name} has no address that a gateway can stand in front of`,
    'its endpoint needs `host` and `port`, or a `url` of `http:` with both',
  );
}

interface Control {
  readonly process: ManagedProcess;
  readonly socket: string;
  readonly port: number;
}

function atGateway(
  endpoint: Endpoint,
  server: Address,
  { socket, port }: Pick<Control, 'socket' | 'port'>,
  slot: number | undefined,
): Endpoint {
  const own = slot === undefined ? {} : { gatewaySlot: slot };
  return { ...readdressed(endpoint, server, { host: HOST, port }), gateway: socket, ...own };
}

async function startGateway(ctx: ResourceContext, upstream: Address): Promise<Control> {
  const {
    maxConcurrent,
    maxQueue = 1_000,
    queueTimeout = 30_000,
    keepBodies = 1_024,
  } = ctx.plan.options['gateway'] as GatewayPlan;
  // Short, because the path of a socket has to be.
  const label = `gw-${createHash('sha256').update(ctx.name).digest('hex').slice(0, 8)}`;
  const socket = join(await ctx.tempDir(label), 's');
  checkSocketPath(socket);
  const settings: GatewaySettings = {
    resource: ctx.subject,
    protocol: FRONTED_KINDS.get(ctx.plan.kind) ?? 'http',
    upstream,
    control: socket,
    records: join(dirname(ctx.logFile), `${ctx.name}.traffic.ndjson`),
    keepBodies,
    headTimeout: HEAD_TIMEOUT_MS,
    ...(ctx.slot === undefined ? {} : { slot: ctx.slot }),
    ...(maxConcurrent === undefined
      ? {}
      : { limits: { concurrent: maxConcurrent, queue: maxQueue, timeout: queueTimeout } }),
  };
  const gateway = await ctx.spawn({
    run: [process.execPath, entry('gateway'), JSON.stringify(settings)],
    label: `the gateway of ${ctx.name}`,
    inFront: true,
    oneShot: true,
    deathSignal: 'SIGKILL',
  });
  return { socket, process: gateway, port: await Promise.race([portOf(ctx, socket), ended(ctx, gateway)]) };
}

/** Rejects when it ends. */
async function ended(ctx: ResourceContext, gateway: ManagedProcess): Promise<never> {
  const how = describeExit(await gateway.exited);
  throw ctx.error('RESOURCE_EXITED', `the gateway of ${ctx.name} ${how} before it was ready`);
}

/** Its first port, once it is there. */
async function portOf(ctx: ResourceContext, socket: string): Promise<number> {
  for (;;) {
    try {
      return ((await askGateway(socket, '/ready', {})) as { readonly port: number }).port;
    } catch (error) {
      if (!isGreenroomError(error) || error.code !== 'GATEWAY_LOST') throw error;
      ctx.signal.throwIfAborted();
      await pause(LOOK_MS);
    }
  }
}

/** Slices that another maker makes, each behind a port of its own. */
function doors(ctx: ResourceContext, socket: string, { make, drop, ...maker }: SliceMaker): SliceMaker {
  return {
    ...maker,
    async make(name, slot, lost, needs) {
      const endpoint = await make(name, slot, lost, needs);
      const upstream = serverOf(ctx, endpoint);
      const { port } = (await askGateway(socket, '/open', { name, upstream, slot })) as { readonly port: number };
      return atGateway(endpoint, upstream, { socket, port }, slot);
    },
    async drop(name, endpoint) {
      // The server below it has its own clean-up, whatever became of the gateway.
      await askGateway(socket, '/shut', { name }).catch(() => undefined);
      await drop(name, endpoint);
    },
  };
}
