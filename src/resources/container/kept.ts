import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../platform/deadline.ts';
import { removeWords, type Engine } from '../../containers/engine.ts';
import { inspectContainer, type Inspected } from '../../containers/inspect.ts';
import { publish } from '../../containers/published.ts';
import type { Exit, ManagedProcess, ResourceContext } from '../driver.ts';
import { endedEarly } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';
import { KEEPER_FILES, keeperCommand } from './keeper.ts';

/** Milliseconds that a keeper has beyond the stop time-out, to remove what has ended. */
const REMOVE_MS = 4_000;
/** Between two looks whether a container is as far as it should be. */
const LOOK_MS = 10;
/** Until the first look at one that is only just being made: no engine is faster, and each look takes from its time. */
const MAKE_MS = 100;
/** Between two checks of its health: each is a process in the container. */
const CHECK_MS = 200;

interface Making {
  readonly name: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it is ours. */
  readonly network: string | undefined;
  readonly stopSignal: string;
  /** Where it and the process beside it wait for each other. */
  readonly directory: string;
  /** Whether something is done between its making and its start, for which the network must be there. */
  readonly waits: boolean;
  readonly again?: AbortSignal;
}

/** A container and the process beside it. */
export class Kept {
  private readonly ctx: ResourceContext;
  private readonly engine: Engine;
  private readonly name: string;
  private readonly directory: string;
  private readonly process: ManagedProcess;
  private readonly waits: boolean;
  private readonly ended = new AbortController();
  private unpublish: () => void = () => undefined;
  /** Port in the container → port on 127.0.0.1. */
  ports: ReadonlyMap<number, number> = new Map();
  /** Aborted with the reason when it has ended, the start is called off or the attempt is over. */
  readonly signal: AbortSignal;

  private constructor(
    { ctx, engine, name }: { ctx: ResourceContext; engine: Engine; name: string },
    { directory, waits, again }: Pick<Making, 'directory' | 'waits' | 'again'>,
    process: ManagedProcess,
  ) {
    this.ctx = ctx;
    this.engine = engine;
    this.name = name;
    this.directory = directory;
    this.process = process;
    this.waits = waits;
    this.signal = AbortSignal.any([ctx.signal, this.ended.signal, ...(again === undefined ? [] : [again])]);
    void process.exited.then((exit) => {
      this.unpublish();
      this.ended.abort(endedEarly(ctx, exit));
    });
  }

  /** Makes it; one that waits does not run before `begin`. */
  static async create(ctx: ResourceContext, engine: Engine, making: Making): Promise<Kept> {
    const { name, words, env, network, stopSignal, directory, waits, again } = making;
    if (again !== undefined) await removeContainer(engine, name);
    for (const file of Object.values(KEEPER_FILES)) rmSync(join(directory, file), { force: true });
    if (!waits) letGo(directory);
    const grace = ctx.plan.stopTimeout;
    const process = await ctx.spawn({
      run: keeperCommand({ engine: engine.kind, name, network, stopSignal, grace, directory, create: words }),
      env,
      oneShot: true,
      graceMs: grace + REMOVE_MS,
      signal: (signal) => signalContainer(engine, name, signal),
    });
    const kept = new Kept({ ctx, engine, name }, making, process);
    if (waits) await kept.until(() => existsSync(join(directory, KEEPER_FILES.made)));
    return kept;
  }

  /** Lets it run. @param wanted ports that are published; @returns what the engine says of it then */
  async begin(wanted: readonly number[]): Promise<Inspected> {
    const { ctx, engine, name, directory } = this;
    if (this.waits) letGo(directory);
    else await orAbort(this.signal, pause(MAKE_MS));
    let inspected: Inspected | undefined;
    await this.until(async () => {
      inspected = await inspectContainer(engine, name);
      return inspected?.running === true && wanted.every((inside) => inspected?.published.has(inside));
    });
    if (inspected === undefined) throw new Error('a container that runs is there');
    this.used(inspected.pid);
    this.ports = inspected.published;
    this.unpublish = publish(inspected, ctx.subject, ctx.name);
    return inspected;
  }

  /** Lets it run to its end; it is removed then. */
  finished(): Promise<Exit> {
    this.used(0);
    letGo(this.directory);
    return orAbort(this.ctx.signal, this.process.exited);
  }

  /** From now on it is told before it is ended. @param pid of its first process, 0 when that is not known */
  private used(pid: number): void {
    writeFileSync(join(this.directory, KEEPER_FILES.pid), `${pid}\n`);
  }

  /** Waits for a command in the container to pass; `true`: for the image's own health check. */
  async untilHealthy(check: true | readonly string[]): Promise<void> {
    const { engine, name } = this;
    const { signal } = this;
    await this.until(async () => {
      if (check === true && engine.kind === 'docker')
        return (await inspectContainer(engine, name))?.health === 'healthy';
      const words = check === true ? ['healthcheck', 'run', name] : ['exec', name, ...check];
      return engine.run(words, signal).then(
        () => true,
        () => false,
      );
    }, CHECK_MS);
  }

  /** From now on its end is the resource's. */
  guard(): void {
    this.ctx.guard(this.process);
  }

  /** Ends and removes it before the teardown does. */
  async stop(graceMs: number): Promise<void> {
    await this.process.stop(Math.min(this.ctx.plan.stopTimeout, graceMs) + REMOVE_MS);
    await removeContainer(this.engine, this.name);
  }

  /** What made an attempt fail: of one whose container has ended, that. */
  failure(error: unknown): unknown {
    return this.ended.signal.aborted && !this.ctx.signal.aborted ? this.ended.signal.reason : error;
  }

  private async until(condition: () => Promise<boolean> | boolean, every = LOOK_MS): Promise<void> {
    while (!(await condition())) await orAbort(this.signal, pause(every));
  }
}

function letGo(directory: string): void {
  writeFileSync(join(directory, KEEPER_FILES.go), '');
}

/** All of its processes are stopped and let go on; the others are for the first one. */
async function signalContainer(engine: Engine, name: string, signal: NodeJS.Signals): Promise<void> {
  const words = { SIGSTOP: ['pause'], SIGCONT: ['unpause'] }[signal as string] ?? ['kill', '--signal', signal];
  await engine.run([...words, name]);
}

/** Removal is what counts: not there is as good as removed. @throws GreenroomError ENGINE_FAILED */
export async function removeContainer(engine: Engine, name: string): Promise<void> {
  if ((await inspectContainer(engine, name)) === undefined) return;
  await engine.run([...removeWords(engine.kind), name]).catch(async (error: unknown) => {
    if ((await inspectContainer(engine, name)) !== undefined) throw error;
  });
}
