/**
 * The member's side of the socket. On the start path of every worker, so it loads nothing but `node:net` and our own
 * protocol. The open connection *is* the lease: the kernel gives it back when this process dies, in whatever way.
 */
import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GreenroomError, type Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import {
  PROTOCOL_VERSION,
  type ChaosAct,
  type FinishReply,
  type FromCoordinator,
  type Hello,
  type Request,
  type Welcome,
} from '../protocol/messages.ts';
import { lineReader, toLine } from '../protocol/ndjson.ts';
import type { FoundGeneration } from './generations.ts';
import type { HealthAsked, IncidentsAsked, Session } from './session.ts';

/** What a member says of itself. */
export type Introduction = Omit<Hello, 'type' | 'v' | 'token' | 'pid'>;

/**
 * `gone`: nobody listens, the coordinator is dead or stopping. `busy`: it could not be asked, so it may well live.
 */
export type Attempt =
  | { readonly outcome: 'joined'; readonly session: Session }
  | { readonly outcome: 'gone' | 'busy' | 'silent' }
  | { readonly outcome: 'refused'; readonly failure: Failure };

/**
 * What says that nobody listens any more. Anything else must not be taken for that, because a next generation ends
 * this one: EAGAIN is more connects than the queue holds, EMFILE is our own trouble.
 */
const GONE: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE']);

/** Any request, without its number. */
type RequestBody = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Says hello to one generation's coordinator. `timeout`: milliseconds for its answer. Never rejects. */
export function attempt(generation: FoundGeneration, me: Introduction, timeout: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = connect({ path: generation.socket });
    const settle = (result: Attempt): void => {
      clearTimeout(timer);
      if (result.outcome !== 'joined') socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle({ outcome: 'silent' }), timeout);
    const hello: Hello = { type: 'hello', v: PROTOCOL_VERSION, token: generation.token, pid: process.pid, ...me };
    socket.once('connect', () => socket.write(toLine(hello)));
    socket.once('error', (error: NodeJS.ErrnoException) => settle({ outcome: GONE.has(error.code) ? 'gone' : 'busy' }));
    socket.once('close', () => settle({ outcome: 'gone' }));
    const session = new OpenSession(socket, generation, (first) => {
      if (first.type === 'welcome') {
        session.welcome = first;
        settle({ outcome: 'joined', session });
      } else if (first.type === 'refused') {
        settle({ outcome: 'refused', failure: first.failure });
      }
    });
  });
}

class OpenSession implements Session {
  welcome!: Welcome;
  readonly file: string;
  readonly lost: Promise<Failure>;
  private readonly socket: Socket;
  private readonly generation: FoundGeneration;
  private readonly pending = new Map<number, Pending>();
  private readonly onFirst: (message: FromCoordinator) => void;
  private readonly tellLoss: (failure: Failure) => void;
  private lastWords: Failure | undefined;
  private nextId = 1;
  private onEvent: ((event: unknown) => void) | undefined;
  private closing = false;
  private readonly changed = new Set<string>();
  private readonly waits = new Set<number>();

  constructor(socket: Socket, generation: FoundGeneration, onFirst: (message: FromCoordinator) => void) {
    this.socket = socket;
    this.generation = generation;
    this.file = generation.file;
    this.onFirst = onFirst;
    const read = lineReader(
      (line) => this.read(line),
      () => socket.destroy(),
    );
    socket.on('data', read);
    // Errors are followed by `close`, which is where the loss is told.
    socket.on('error', () => undefined);
    const { promise, resolve } = Promise.withResolvers<Failure>();
    this.lost = promise;
    this.tellLoss = resolve;
    socket.once('close', () => this.lose(this.lastWords ?? coordinatorLost(generation)));
  }

  get fd(): number {
    // Node has no public way to a socket's descriptor, and the shim must inherit it.
    const handle = (this.socket as unknown as { _handle?: { fd?: number } | null })._handle;
    return handle?.fd ?? -1;
  }

  get lease(): string {
    return `${this.welcome.nonce}/${this.welcome.lease ?? ''}`;
  }

  wait(request: Parameters<Session['wait']>[0]): ReturnType<Session['wait']> {
    const id = this.nextId;
    const waiting = this.request({ type: 'wait', gates: [], ...request }) as ReturnType<Session['wait']>;
    return waiting.then((reply) => {
      this.waits.add(id);
      return reply;
    });
  }

  get uses(): readonly number[] {
    return [...this.waits];
  }

  async rest(waits?: readonly number[]): Promise<void> {
    for (const id of waits ?? this.uses) this.waits.delete(id);
    await this.request({ type: 'rest', waits: waits ?? null });
  }

  async chaos(resource: string, act: ChaosAct, force = false): Promise<void> {
    await this.request({ type: 'chaos', resource, act, force });
  }

  async release(unit: 'file' | 'test'): Promise<void> {
    await this.request({ type: 'release', unit });
  }

  keep(): Promise<readonly string[]> {
    return this.request({ type: 'keep' }) as Promise<readonly string[]>;
  }

  async reset(): Promise<void> {
    await this.request({ type: 'reset' });
  }

  status(): Promise<unknown> {
    return this.request({ type: 'status' });
  }

  watch(onEvent: (event: unknown) => void): Promise<unknown> {
    this.onEvent = onEvent;
    return this.request({ type: 'watch' });
  }

  async hold(resources: readonly string[] | null): Promise<void> {
    await this.request({ type: 'hold', resources });
  }

  async retry(): Promise<void> {
    await this.request({ type: 'retry' });
  }

  finish(): Promise<FinishReply> {
    return this.request({ type: 'finish' }) as Promise<FinishReply>;
  }

  incidents(asked: IncidentsAsked): Promise<readonly Incident[]> {
    return this.request({ type: 'incidents', ...asked }) as Promise<readonly Incident[]>;
  }

  health(asked: HealthAsked): Promise<number> {
    return this.request({ type: 'health', ...asked }) as Promise<number>;
  }

  takeChanged(): readonly string[] {
    const changed = [...this.changed];
    this.changed.clear();
    return changed;
  }

  async report(failure: Failure): Promise<void> {
    await this.request({ type: 'report', failure });
  }

  async down(force: boolean): Promise<void> {
    await this.request({ type: 'down', force });
  }

  close(): void {
    this.closing = true;
    this.socket.destroy();
  }

  unref(): void {
    this.socket.unref();
  }

  private request(body: RequestBody): Promise<unknown> {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed || this.lastWords !== undefined) {
        const failure = this.lastWords ?? coordinatorLost(this.generation);
        // `close` comes some turns later, and who is told of the loss here must not find it unknown there.
        this.lose(failure);
        reject(new GreenroomError(failure));
        return;
      }
      this.pending.set(id, { resolve, reject });
      this.socket.write(toLine({ ...body, id }));
    });
  }

  /** After our own `close()` nobody waits any more, and a rejection would be nobody's. */
  private lose(failure: Failure): void {
    const pending = [...this.pending.values()];
    this.pending.clear();
    if (this.closing) return;
    this.tellLoss(failure);
    for (const { reject } of pending) reject(new GreenroomError(failure));
  }

  private read(line: string): void {
    try {
      this.receive(JSON.parse(line) as FromCoordinator);
    } catch {
      this.socket.destroy(); // whoever this is, it is no coordinator
    }
  }

  private receive(message: FromCoordinator): void {
    switch (message.type) {
      case 'welcome':
      case 'refused':
        this.onFirst(message);
        break;
      case 'reply':
        this.pending.get(message.id)?.resolve(message.value);
        this.pending.delete(message.id);
        break;
      case 'failed':
        this.pending.get(message.id)?.reject(new GreenroomError(message.failure));
        this.pending.delete(message.id);
        break;
      case 'event':
        this.onEvent?.(message.event);
        break;
      case 'changed':
        this.changed.add(message.resource);
        break;
      case 'bye':
        this.lastWords = message.failure;
        this.lose(message.failure);
        // It stays open as long as we live, so that nobody else gets our slot, but it does not keep us.
        this.socket.unref();
        break;
      case 'call':
        break; // only the config host is called; it has a reader of its own
    }
  }
}

const LAST_LINES = 20;

/** The failure of everybody who used a coordinator that died: with its last words, if it wrote any. */
function coordinatorLost(generation: FoundGeneration): Failure {
  const logFile = join(generation.logDir, 'coordinator.log');
  return {
    code: 'COORDINATOR_LOST',
    message: `the coordinator (pid ${generation.pid}, generation ${generation.generation}) is gone`,
    hint: 'its services were stopped with it; run again. Its log says why it died, unless it was killed',
    log: lastLines(logFile),
    logFile,
  };
}

function lastLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
  } catch {
    return [];
  }
}
