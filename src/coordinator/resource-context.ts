import { chownSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultPoint } from '../platform/fault.ts';
import { lastLines } from '../platform/last-lines.ts';
import { reservePort } from '../platform/ports.ts';
import { spawnShim, LEDGER_FAILED } from '../platform/shim.ts';
import { describeExit } from '../resources/exit.ts';
import type { Code } from '../protocol/codes.ts';
import type { BuildFact } from '../protocol/build.ts';
import { GreenroomError, type Failure } from '../protocol/failure.ts';
import { nameOf, type GenerationFile } from '../protocol/generation-file.ts';
import type { Endpoint, Endpoints, FunctionRef, Json, Plan, ProbePlan, ResourcePlan } from '../protocol/plan.ts';
import type {
  Care,
  Exit,
  ManagedProcess,
  ProbeWait,
  ProcessSpec,
  ResourceContext,
  SliceMaker,
} from '../resources/driver.ts';
import { untilPasses } from '../resources/probes/run.ts';
import type { FlushOutcome } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { Processes } from './processes.ts';
import type { UndoStack } from './undo-stack.ts';

/** What all contexts of a generation share. */
export interface Surroundings {
  readonly plan: Plan;
  readonly generation: GenerationFile;
  readonly ledger: Ledger;
  call(fn: FunctionRef, args: readonly Json[], timeout: number): Promise<Json>;
  note(subject: string, text: string, lasting?: true): void;
  /** As many as the config or a run that is here says, whichever is more. */
  expectedWorkers(): number | undefined;
  /** Of everything that is ready, by name. */
  endpoints(): Endpoints;
  flushed(resource: string, outcome: FlushOutcome): void;
  built(resource: string, fact: BuildFact): void;
}

interface Options {
  /** In logs, directories and messages. */
  readonly name: string;
  /** What the user calls it. */
  readonly subject: string;
  readonly plan: ResourcePlan;
  /** Whose own it is, where each slot has one. */
  readonly slot: number | undefined;
  readonly needs: Endpoints;
  readonly signal: AbortSignal;
  readonly undo: UndoStack;
  /** Those that run. */
  readonly processes: Processes;
  /** A process that must live, or what else it cannot do without, has ended. */
  readonly onExit: (failure: Failure) => void;
  /** How its slices are made. */
  readonly onSlices: (maker: SliceMaker) => void;
  /** How it is checked and brought back. */
  readonly onCare: (care: Care) => void;
  /** What a probe answered last. */
  readonly onAnswer: (answer: string) => void;
}

/** The context a driver works through. Everything it makes is recorded before and undone after. */
export function createContext(around: Surroundings, options: Options): ResourceContext {
  const { name, subject, plan, slot, needs, signal, undo } = options;
  const { generation, ledger } = around;
  const logFile = join(generation.logDir, `${name}.log`);
  const error = (code: Code, message: string, hint?: string): GreenroomError =>
    new GreenroomError({
      code,
      message,
      subject,
      ...(hint === undefined ? {} : { hint }),
      log: lastLines(logFile),
      logFile,
    });

  const directories: string[] = [];
  /** Port → what gives it back. */
  const ports = new Map<number, () => void>();
  const context: ResourceContext = {
    name,
    subject,
    plan,
    root: around.plan.root,
    key: generation.key,
    generation: generation.generation,
    nonce: generation.nonce,
    configHash: around.plan.configHash,
    ...(around.plan.workers === undefined ? {} : { workers: around.plan.workers }),
    ...(slot === undefined ? {} : { slot }),
    needs,
    signal,
    logFile,
    env: around.plan.env,
    defer: (what, step) => void undo.push(what, step),
    offerSlices: options.onSlices,
    care: options.onCare,
    error,
    built: (fact) => around.built(subject, fact),
    lost: (message) => options.onExit(error('RESOURCE_EXITED', message).failure),
    note: (text, lasting) => {
      around.note(subject, text, lasting);
      appendToLog(logFile, `[greenroom] ${text}\n`);
    },
    call: (fn, args, timeout) => around.call(fn, args, timeout),
    reservePort: async () => {
      const { port, release } = await reservePort();
      const takeOff = undo.push(`port ${port}`, release);
      ports.set(port, () => {
        if (takeOff()) release();
      });
      return port;
    },
    expectedWorkers: () => around.expectedWorkers(),
    endpoints: () => around.endpoints(),
    recordEngine: (engine) => ledger.write({ type: 'engine', engine }),
    releasePort: (port) => {
      ports.get(port)?.();
      ports.delete(port);
    },
    tempDir: (label, owner, parent) => {
      const path = makeTempDir(around, undo, label, owner, parent);
      directories.push(path);
      return Promise.resolve(path);
    },
    untilPasses: (probe: ProbePlan, endpoint: Endpoint, wait: ProbeWait = {}) =>
      untilPasses(probe, {
        self: endpoint,
        needs,
        root: around.plan.root,
        env: around.plan.env,
        logFile,
        ...(wait.logFrom === undefined ? {} : { logFrom: wait.logFrom }),
        signal: wait.signal === undefined ? signal : AbortSignal.any([signal, wait.signal]),
        call: (fn, args, timeout) => around.call(fn, args, timeout),
        onAnswer: options.onAnswer,
      }),
    spawn: async (spec) => {
      const process = spawn(spec);
      if (spec.oneShot !== true) context.guard(process);
      return process;
    },
    guard: (process) => {
      void process.exited.then((exit) => {
        const spec = specs.get(process);
        if (spec === undefined) return; // it is being stopped
        const message = `${spec.label ?? name} ${describeExit(exit)}`;
        const { code, signal: by } = exit;
        const { failure } = error('RESOURCE_EXITED', message, hintFor(exit, spec));
        options.onExit({ ...failure, exit: { code, signal: by } });
      });
    },
  };
  /** Processes that are not being stopped. */
  const specs = new Map<ManagedProcess, ProcessSpec>();

  const spawn = (spec: ProcessSpec): ManagedProcess => {
    signal.throwIfAborted();
    const label = spec.label ?? name;
    ledger.write({ type: 'intent', label });
    faultPoint('resource.intent');
    const log = openSync(logFile, 'a', 0o600);
    const shim = spawnShim({
      run: spec.run,
      cwd: spec.cwd ?? around.plan.root,
      env: { ...around.plan.env, ...spec.env },
      stdout: log,
      stderr: log,
      graceMs: spec.graceMs ?? plan.stopTimeout,
      ledgerFd: ledger.fd,
      label,
      directories,
      ...(spec.stopSignal === undefined ? {} : { stopSignal: spec.stopSignal }),
      ...(spec.deathSignal === undefined ? {} : { deathSignal: spec.deathSignal }),
      ...(spec.user === undefined ? {} : { user: spec.user }),
    });
    closeSync(log);
    const forget = spec.inFront === true ? () => undefined : options.processes.add(shim, spec.stopSignal, spec.signal);
    faultPoint('resource.spawned');
    const stop = (graceMs?: number): Promise<Exit> => {
      takeOff();
      specs.delete(managed);
      forget();
      return shim.stop(graceMs);
    };
    const managed: ManagedProcess = { pid: shim.pid ?? -1, exited: shim.exited, stop };
    specs.set(managed, spec);
    const takeOff = undo.push(`process ${label}`, async () => void (await stop()));
    return managed;
  };
  return context;
}

function makeTempDir(
  { generation, ledger }: Surroundings,
  undo: UndoStack,
  label: string,
  owner: { uid: number; gid: number } | undefined,
  parent = tmpdir(),
): string {
  // The nonce makes the name ours alone, so the ledger can have it before the directory is there.
  const path = join(parent, `${nameOf(generation)}-${label}`);
  ledger.write({ type: 'directory', path });
  undo.push(`directory ${path}`, () => rmSync(path, { recursive: true, force: true }));
  mkdirSync(path, { mode: 0o700 });
  if (owner) chownSync(path, owner.uid, owner.gid);
  return path;
}

function appendToLog(file: string, line: string): void {
  try {
    const fd = openSync(file, 'a', 0o600);
    writeSync(fd, line);
    closeSync(fd);
  } catch {
    // A fault in recording is never a failed run.
  }
}

function hintFor(exit: Exit, spec: ProcessSpec): string {
  if (exit.code === 127) return `check that ${spec.run[0] ?? ''} is installed`;
  if (exit.code === LEDGER_FAILED) return 'its log ends with the reason; a full disk is the usual one';
  return 'its log ends with the reason';
}
