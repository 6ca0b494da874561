import type { Endpoint, ProbePlan } from '../../protocol/plan.ts';
import type { Driver, Exit, ManagedProcess, ResourceContext } from '../driver.ts';
import { describeExit, endedEarly } from '../exit.ts';
import { logSize, readLog } from '../log-file.ts';
import { checkEffective } from '../service-config/effective.ts';
import { placeOf, type Self } from '../service-config/files.ts';
import { addressOf } from './address.ts';
import type { ServicePlan } from './options.ts';
import { requireFree } from './port.ts';
import { preflightProgram, programOf, sourcesOf } from './program.ts';

/** Milliseconds that a service has to end which is not well: those who need it wait. */
const UNWELL_GRACE_MS = 1_000;
/** How many ports are tried where the choice is ours. */
const PORT_TRIES = 3;

/** Runs a program that keeps running, and waits until it is ready. */
export const serviceDriver: Driver = {
  preflight: preflightProgram,
  async start(ctx) {
    const options = ctx.plan.options as unknown as ServicePlan;
    const place = await placeOf(options.files, ctx);
    for (let attempt = 1; ; attempt += 1) {
      const port = await portFor(options, ctx);
      try {
        return await launch(options, ctx, port === undefined ? place : { ...place, port });
      } catch (error) {
        if (!(error instanceof PortLost)) throw error;
        if (options.port !== 'auto' || attempt === PORT_TRIES) throw error.cause;
        ctx.note(`somebody was faster on port ${port}; trying another one`);
      }
    }
  },
};

/** The process ended because its port was in use; `cause` is what the user is told if that is final. */
class PortLost extends Error {}

async function portFor(options: ServicePlan, ctx: ResourceContext): Promise<number | undefined> {
  if (options.port === false) return undefined;
  if (options.port === 'auto') return ctx.reservePort();
  await requireFree(ctx, options.port);
  return options.port;
}

/** @param again ends the attempt, where this is not the first start */
async function launch(options: ServicePlan, ctx: ResourceContext, self: Self, again?: AbortSignal): Promise<Endpoint> {
  // What an earlier process has logged must not count for this one.
  const logFrom = logSize(ctx.logFile);
  const { port } = self;
  const program = await programOf(options, ctx, self);
  const service = await ctx.spawn(program.spec);
  const ended = endOf(service, ctx, logFrom);
  const untilPasses = async (probe: ProbePlan, endpoint: Endpoint): Promise<Readonly<Record<string, string>>> => {
    try {
      const signal = again === undefined ? ended : AbortSignal.any([ended, again]);
      return await ctx.untilPasses(probe, endpoint, { signal, logFrom });
    } catch (error) {
      throw ended.aborted && !ctx.signal.aborted ? ended.reason : error;
    }
  };
  const own = port === undefined ? {} : { port };
  const endpoint = await (async () => {
    const found = await untilPasses(options.ready ?? { probe: 'tcp' }, own);
    const address = await addressOf(ctx, service, { ...own, ...found }, untilPasses);
    const sources = () => sourcesOf(program, ctx);
    await checkEffective(options.effective, ctx, { needs: ctx.needs, self, endpoint: address, untilPasses, sources });
    return address;
  })().catch(async (error: unknown) => {
    // The next attempt needs its port; of a first start, the teardown ends it.
    if (again !== undefined) await service.stop(Math.min(ctx.plan.stopTimeout, UNWELL_GRACE_MS));
    throw error;
  });
  ctx.guard(service);
  const probe = checkOf(options);
  ctx.care({
    endpoint,
    ...(probe === undefined ? {} : { probe }),
    restart: async (signal) => {
      await service.stop(Math.min(ctx.plan.stopTimeout, UNWELL_GRACE_MS));
      return launch(options, ctx, self, signal);
    },
  });
  return endpoint;
}

/** That a line was once in the log says nothing about now. */
function checkOf({ ready, port }: ServicePlan): ProbePlan | undefined {
  const tcp = port === false ? undefined : ({ probe: 'tcp' } as const);
  if (ready === undefined) return tcp;
  return JSON.stringify(ready).includes('"probe":"log"') ? tcp : ready;
}

/** Aborted when the process has ended, with the error that this means as its reason. */
function endOf(service: ManagedProcess, ctx: ResourceContext, logFrom: number): AbortSignal {
  const ended = new AbortController();
  void service.exited.then(async (exit) => ended.abort(await earlyEnd(exit, ctx, logFrom)));
  return ended.signal;
}

async function earlyEnd(exit: Exit, ctx: ResourceContext, logFrom: number): Promise<Error> {
  const log = await readLog(ctx.logFile, logFrom).catch(() => Buffer.alloc(0));
  if (!/EADDRINUSE|address already in use/i.test(log.toString())) return endedEarly(ctx, exit);
  const how = `${ctx.name} ${describeExit(exit)} before it was ready`;
  const failure = ctx.error('PORT_TAKEN', `${how}: an address it wanted was in use`, 'see its log for which one');
  return new PortLost(failure.message, { cause: failure });
}
