import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { findOnPath } from './find-on-path.ts';
import { killGroup, sendSignal } from './groups.ts';

/**
 * Starts a process so that it never outlives us. A `sh` leaves a watcher behind, writes its identity to the ledger
 * and then *becomes* the program, so that exit code, signal and pid are the program's own. The watcher holds the
 * other end of a pipe of ours: end of file on it means that we stop the program or are dead ourselves, and both lead
 * to the stop signal, a time of grace and SIGKILL of the whole process group. Second layer, for programs of our own: the
 * kernel signals them when we die (`setpriv --pdeathsig`, Linux). Third: the next generation reaps what the ledger
 * lists.
 *
 * Directories that belong to the process go with it then, so that no data directory stays when
 * nobody comes after us.
 *
 * The watcher is forked twice, so that the program has no child it does not know of. It holds the lease's socket, so
 * that a lease ends only after the command that lives on it.
 *
 * File descriptors: 3 the pipe, 4 the ledger, 5 the lease.
 */
const SCRIPT = `
sig=$1 steps=$2 own=$3 label=$4 directories=$5; shift 5
if [ -n "$label" ]; then
  start_of() { shift 21; start=$1; }
  if read -r stat </proc/$$/stat; then start_of $stat; else start=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p $$); fi 2>/dev/null
  printf '{"type":"process","label":"%s","pid":%s,"start":"%s"}\\n' "$label" $$ "$(echo $start)" >&4 || exit 125
fi
( (
  trap '' INT TERM HUP QUIT
  exec >/dev/null 2>&1 </dev/null 4>&-
  while read -r _ <&3; do :; done
  kill -s "$sig" $$
  # The first process of a container may be slow to reap, so a zombie counts as dead.
  alive() {
    kill -0 $$ || return 1
    read -r stat </proc/$$/stat || return 0
    case \${stat##*) } in [ZX]*) return 1 ;; esac
  }
  while alive && [ "$steps" -gt 0 ]; do sleep 0.02; steps=$((steps - 1)); done
  if [ -n "$directories" ]; then
    kill -9 $$
    printf '%s\\n' "$directories" | while IFS= read -r directory; do rm -rf -- "$directory"; done
  fi
  if [ "$own" = 1 ]; then kill -9 0; else kill -9 $$; fi
) & )
exec "$@" 3<&- 4>&- 5>&-
`;

/** What its watcher is called among the words of its command. */
export const SHIM_NAME = 'greenroom-shim';

/** Exit code of the shim when it could not write the ledger (no space left). */
export const LEDGER_FAILED = 125;
const STEP_MS = 20;

export interface ShimOptions {
  /** Program and arguments. */
  readonly run: readonly string[];
  readonly cwd?: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: 'ignore' | 'inherit';
  /** A file descriptor, `inherit`, or `pipe` (read it from the returned streams). */
  readonly stdout: number | 'inherit' | 'pipe';
  readonly stderr: number | 'inherit' | 'pipe';
  /** Asks the process to end; default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /**
   * What the kernel sends when we die, where it can. It may come several times (once for each of our threads), and
   * besides the stop signal, so it is only for programs that take no harm from that.
   */
  readonly deathSignal?: NodeJS.Signals;
  /** Milliseconds from the stop signal to SIGKILL. */
  readonly graceMs: number;
  /** Open for appending; the process is recorded there under `label`. */
  readonly ledgerFd?: number;
  readonly label?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Removed when the process is stopped or we die. */
  readonly directories?: readonly string[];
  /** Descriptor of a lease's socket, kept open until the process is dead. */
  readonly leaseFd?: number;
  /** False: stay in our process group, so that a terminal's ^C reaches the command. Default true. */
  readonly ownGroup?: boolean;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the program could not even be started. */
  readonly error?: Error;
}

export interface ShimProcess {
  /** Pid of the program, and id of its process group where it has its own; undefined when it could not be started. */
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  /** Resolves when the program has ended and nothing of its group is left. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Stop signal, grace, SIGKILL of the group; resolves when it is gone. */
  stop(graceMs?: number): Promise<Exit>;
  /** Sends a signal to the process group; to the program alone without a group of its own, or with `group` false. */
  signal(signal: NodeJS.Signals, group?: boolean): void;
}

export function spawnShim(options: ShimOptions): ShimProcess {
  const { stopSignal = 'SIGTERM', ownGroup = true, graceMs } = options;
  const steps = Math.max(1, Math.ceil(graceMs / STEP_MS));
  const recorded = options.ledgerFd === undefined ? '' : (options.label ?? '');
  const directories = (options.directories ?? []).join('\n');
  const command = [...deathSignal(options.deathSignal), ...options.run];
  const words = [stopSignal.slice(3), String(steps), ownGroup ? '1' : '0', recorded, directories, ...command];
  const child = start(['-c', SCRIPT, SHIM_NAME, ...words], {
    cwd: options.cwd,
    ...options.user,
    env: { ...options.env },
    stdio: [
      options.stdin ?? 'ignore',
      options.stdout,
      options.stderr,
      'pipe',
      options.ledgerFd ?? 'ignore',
      options.leaseFd ?? 'ignore',
    ],
    detached: ownGroup,
  });
  if (child instanceof Error) return notStarted(child);
  const over = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signalName) => resolve({ code, signal: signalName }));
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
  });
  // Node makes no streams at all where no descriptors are left, and says so a moment later.
  const streams: Partial<Pick<ChildProcess, 'stdio' | 'stdout' | 'stderr'>> = child;
  const pipe = streams.stdio?.[3];
  // A program that is killed while we write nothing can still reset the pipe; its end is seen by `exit`.
  pipe?.on('error', () => undefined);

  // NOTE: nothing goes to a pid that has been waited for: it may be somebody else's by now.
  const signal = (name: NodeJS.Signals, group = ownGroup): void => {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (child.pid !== undefined && !ended) sendSignal(group ? -child.pid : child.pid, name);
  };
  const exited = over.then(async (exit) => {
    if (ownGroup && child.pid !== undefined) await killGroup(child.pid);
    pipe?.destroy();
    return exit;
  });

  return {
    pid: child.pid,
    stdout: streams.stdout ?? null,
    stderr: streams.stderr ?? null,
    exited,
    signal,
    stop: (ms = graceMs) => {
      signal(stopSignal, false);
      const timer = setTimeout(() => signal('SIGKILL'), ms);
      return exited.finally(() => clearTimeout(timer));
    },
  };
}

/** Some of the reasons why nothing can be started are thrown (a zero byte in a word), others are told later. */
function start(words: readonly string[], options: SpawnOptions): ChildProcess | Error {
  try {
    return spawn('sh', words, options);
  } catch (error) {
    return error as Error;
  }
}

function notStarted(cause: Error): ShimProcess {
  const exited = Promise.resolve({ code: null, signal: null, error: cause });
  return { pid: undefined, stdout: null, stderr: null, exited, signal: () => undefined, stop: () => exited };
}

let setpriv: string | undefined;

/** The words that make the kernel signal a process when its parent dies, where util-linux is installed. */
function deathSignal(signal: NodeJS.Signals | undefined): readonly string[] {
  if (signal === undefined || process.platform !== 'linux') return [];
  setpriv ??= findOnPath('setpriv') ?? '';
  return setpriv === '' ? [] : [setpriv, '--pdeathsig', signal.slice(3), '--'];
}
