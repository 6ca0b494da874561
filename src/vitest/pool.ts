/**
 * `pool: greenroomPool()`: workers that have their lease, slot and environment before they import anything, and that
 * are not even started before the gates are open.
 */
import {
  ForksPoolWorker,
  ThreadsPoolWorker,
  VmForksPoolWorker,
  VmThreadsPoolWorker,
  type PoolOptions,
  type PoolRunnerInitializer,
  type PoolWorker,
  type WorkerRequest,
} from 'vitest/node';
import { guessed } from '../config/unknown-name.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { withExitCode } from './exit-code.ts';
import { Seat } from './pool/seat.ts';

const BUILT_IN: Readonly<Record<'forks' | 'threads' | 'vmForks' | 'vmThreads', WorkerClass>> = {
  forks: ForksPoolWorker,
  threads: ThreadsPoolWorker,
  vmForks: VmForksPoolWorker,
  vmThreads: VmThreadsPoolWorker,
};

/**
 * Needs the plugin, or another part of Greenroom that joins. Vitest's `--pool` on the command line replaces it.
 *
 * @param base Which of Vitest's own pools runs the workers.
 * @throws CONFIG_INVALID for another one
 */
export function greenroomPool(base: keyof typeof BUILT_IN = 'forks'): PoolRunnerInitializer {
  if (!Object.hasOwn(BUILT_IN, base)) throw unknownPool(base);
  const Worker = seated(BUILT_IN[base], base);
  return { name: nameOf(base), createPoolWorker: (options) => new Worker(options) };
}

function unknownPool(base: string): Error {
  const known = Object.keys(BUILT_IN);
  return withExitCode(
    new GreenroomError({
      code: 'CONFIG_INVALID',
      message: `greenroomPool: there is no pool \`${base}\`${guessed(base, known)}`,
      hint: `Vitest has ${known.join(', ')}`,
    }),
  );
}

/** Vitest takes one of its own names for its own pool. */
const nameOf = (base: string): string => `greenroom-${base}`;

/** What the built-in workers have in common; Vitest's own interface has properties in place of methods. */
interface BuiltIn extends Omit<PoolWorker, 'start' | 'stop' | 'send'> {
  start(): Promise<void>;
  stop(): Promise<void>;
  send(message: WorkerRequest): void;
}

type WorkerClass = new (options: PoolOptions) => BuiltIn;

function seated(Base: WorkerClass, base: string): WorkerClass {
  return class extends Base {
    override readonly name = nameOf(base);
    private readonly seat: Seat | undefined;
    private started = false;
    private readonly early: WorkerRequest[] = [];

    constructor(options: PoolOptions) {
      super(options);
      // `vitest list` starts nothing, so there is nothing to join.
      this.seat = options.method === 'collect' ? undefined : new Seat(options.project);
      this.seat?.check();
    }

    override async start(): Promise<void> {
      try {
        const own = this as unknown as { env: PoolOptions['env'] };
        // A copy: Vitest gives all workers of a project the same object.
        own.env = { ...own.env, ...(await this.seat?.take()) };
        await super.start();
        this.started = true;
        this.on('exit', () => this.seat?.leave());
      } catch (error) {
        this.seat?.leave();
        throw error;
      }
    }

    override async stop(): Promise<void> {
      await super.stop();
      this.seat?.leave();
    }

    /**
     * Vitest's own workers are there at once; of ours it may be told that the run is cancelled before it is there.
     * It hears that when it has something to cancel.
     */
    override send(message: WorkerRequest): void {
      if (!this.started) {
        this.early.push(message);
        return;
      }
      super.send(asBuiltIn(message, base));
      if (message.type === 'run' || message.type === 'collect')
        this.early.splice(0).forEach((late) => super.send(late));
    }
  };
}

/** Worker-scoped fixtures of a VM pool end with each file; Vitest knows such a pool by its name. */
function asBuiltIn(message: WorkerRequest, pool: string): WorkerRequest {
  return message.type === 'start' ? { ...message, context: { ...message.context, pool } } : message;
}
