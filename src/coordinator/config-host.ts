import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { entry } from '../platform/entry.ts';
import { lastLines } from '../platform/last-lines.ts';
import { spawnShim, type ShimProcess } from '../platform/shim.ts';
import { GreenroomError, type Failure } from '../protocol/failure.ts';
import { MAX_LINE_BYTES, type HostAnswer } from '../protocol/messages.ts';
import { fits, toLine } from '../protocol/ndjson.ts';
import type { FunctionRef, Json, Plan } from '../protocol/plan.ts';
import { describeExit } from '../resources/exit.ts';
import type { Surroundings } from './resource-context.ts';

/** Milliseconds from its start until it has imported the config and connected. */
const CONNECT_MS = 20_000;
const STOP_MS = 2_000;

interface Call {
  readonly line: string;
  readonly resolve: (value: Json) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The coordinator's side of the config host: the one process that runs the functions of the user's config, so that
 * one of them that blocks or throws harms nobody else. Started with the first call.
 */
export class ConfigHost {
  private readonly around: Pick<Surroundings, 'plan' | 'generation' | 'ledger'>;
  private readonly file: string;
  /** Told when it dies: custom resources live in it. */
  private readonly onLost: (failure: Failure) => void;
  private readonly calls = new Map<number, Call>();
  private nextCall = 1;
  private shim: ShimProcess | undefined;
  private socket: Socket | undefined;
  private stopped = false;

  constructor(
    around: Pick<Surroundings, 'plan' | 'generation' | 'ledger'>,
    file: string,
    onLost: (failure: Failure) => void,
  ) {
    this.around = around;
    this.file = file;
    this.onLost = onLost;
  }

  /** Starts it ahead of the first call, so that importing the config costs nobody time. When it cannot, the call is told why. */
  warmUp(): void {
    try {
      this.shim ??= this.spawn();
    } catch {
      // A full disk, mostly.
    }
  }

  /** Runs a function of the config. `timeout`: milliseconds, its own deadline. */
  async call(fn: FunctionRef, args: readonly Json[], timeout: number): Promise<Json> {
    if (this.stopped) throw new Error('the config host was stopped');
    this.shim ??= this.spawn();
    const id = this.nextCall;
    this.nextCall += 1;
    const line = toLine({ type: 'call', call: id, fn, args });
    if (!fits(line)) throw tooLarge(fn);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.calls.delete(id);
        const message = `${fn.$function} of the config did not end within ${timeout} ms`;
        reject(new GreenroomError({ code: 'FUNCTION_TIMEOUT', message, subject: fn.$function }));
      }, timeout);
      this.calls.set(id, { line, resolve, reject, timer });
      this.socket?.write(line);
    });
  }

  /** The config host has said hello; what was called meanwhile is sent now. */
  connected(socket: Socket): void {
    this.socket = socket;
    for (const { line } of this.calls.values()) socket.write(line);
  }

  answered(answer: HostAnswer): void {
    const call = this.calls.get(answer.call);
    if (call === undefined) return; // past its deadline
    this.calls.delete(answer.call);
    clearTimeout(call.timer);
    if (answer.type === 'result') call.resolve(answer.value);
    else call.reject(new GreenroomError(answer.failure));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.shim?.stop();
  }

  private spawn(): ShimProcess {
    const { plan, generation, ledger } = this.around;
    const logFile = join(generation.logDir, 'config-host.log');
    ledger.write({ type: 'intent', label: 'config-host' });
    const log = openSync(logFile, 'a', 0o600);
    const shim = spawnShim({
      run: [process.execPath, entry('config-host'), this.file, plan.configFile, plan.suiteModule ?? ''],
      cwd: plan.root,
      env: plan.env,
      stdout: log,
      stderr: log,
      graceMs: STOP_MS,
      deathSignal: 'SIGKILL',
      ledgerFd: ledger.fd,
      label: 'config-host',
    });
    closeSync(log);
    const lost = (why: string): void => {
      if (this.stopped || this.shim !== shim) return;
      // The next call starts another; what lived in this one is gone.
      this.shim = undefined;
      this.socket = undefined;
      const failure: Failure = {
        code: 'CONFIG_HOST_LOST',
        message: `the config host, which runs the functions of ${plan.configFile}, ${why}`,
        log: lastLines(logFile),
        logFile,
      };
      this.rejectAll(failure);
      this.onLost(failure);
    };
    const timer = setTimeout(() => {
      if (this.socket) return;
      lost(`did not connect within ${CONNECT_MS} ms`);
      void shim.stop();
    }, CONNECT_MS);
    void shim.exited.then((exit) => {
      clearTimeout(timer);
      lost(describeExit(exit));
    });
    return shim;
  }

  private rejectAll(failure: Failure): void {
    for (const call of this.calls.values()) {
      clearTimeout(call.timer);
      call.reject(new GreenroomError(failure));
    }
    this.calls.clear();
  }
}

/** Whether a resource is made by functions of the config, and so lives in the process that runs them. */
export function livesInHost({ resources }: Plan, name: string): boolean {
  const { kind } = resources[name] ?? {};
  return kind === 'custom' || kind === 'suite';
}

const tooLarge = ({ $function }: FunctionRef): GreenroomError =>
  new GreenroomError({
    code: 'FUNCTION_FAILED',
    message: `what ${$function} of the config is called with exceeds ${MAX_LINE_BYTES} bytes`,
    subject: $function,
  });
