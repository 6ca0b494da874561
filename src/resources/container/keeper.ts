/**
 * A process beside each container, as long as that lives: it makes it, passes its output on, ends as it ends, and removes
 * it. It runs under the shim, so that a container goes when the coordinator dies, as any process does; a container alone
 * would not, because its own parent is the engine's.
 */
import { removeWords, type EngineKind } from '../../containers/engine.ts';
import { LEAVE } from './leave.ts';

/** Files in the directory of a keeper, by which it and the driver wait for each other. */
export const KEEPER_FILES = {
  /** By a keeper that waits: the container is there, and, with podman, its network. */
  made: 'made',
  /** By the driver: it may start. There from the beginning where nothing has to be done in between. */
  go: 'go',
  /** By the driver, once it is used: its first process, as the host has it; 0 of one that nobody has looked at. */
  pid: 'pid',
} as const;

/**
 * Its own words: engine, name, network, stop signal, seconds from there to SIGKILL, directory; what
 * removes it; then what is created. The first process of a container gets no signal that it neither handles nor
 * blocks, so one that cannot hear the stop signal is not waited for (signal(7), pid_namespaces(7)). One sleep has the time:
 * many short ones are as many processes to start, and on a busy machine half as long again.
 */
const SCRIPT = `${LEAVE}
engine=$1 name=$2 network=$3 signal=$4 seconds=$5 dir=$6 remove=$7; shift 7
hears() {
  [ "$signal" = TERM ] && read -r pid <"$dir/pid" || return 0
  while read -r field value; do
    case "$field $value" in Sig[CB]??:\\ *[4-7c-f]???) return 0 ;; esac
  done <"/proc/$pid/status" || return 0
  return 1
}
stop() {
  trap : TERM
  run=$!
  [ -n "$run" ] || leave 143
  runs() { kill -0 "$run"; }
  # Whom nobody uses yet need not be told, and would often not hear it: its program has just begun.
  if [ -e "$dir/pid" ] && hears; then
    sleep "$seconds" &
    timer=$!
    # A job that is only just being started cannot be told yet.
    until "$engine" kill --signal "$signal" "$name" || ! runs || ! kill -0 "$timer"; do sleep 0.02; done
    while runs && kill -0 "$timer"; do sleep 0.02; done
    kill "$timer"
  fi
  # What is not made yet could not be removed.
  until "$engine" container inspect "$name" || ! runs; do sleep 0.05; done
  leave 143
} >/dev/null 2>&1
trap stop TERM
if [ -e "$dir/go" ]; then
  "$engine" run --sig-proxy=false --name "$name" "$@" &
else
  "$engine" create --name "$name" "$@" >/dev/null || leave $?
  [ "$engine" = docker ] || "$engine" init "$name" >/dev/null || leave $?
  : >"$dir/made"
  while [ ! -e "$dir/go" ]; do sleep 0.01; done
  # Of docker, \`start\` has no such option.
  [ "$engine" = docker ] && proxy= || proxy=--sig-proxy=false
  "$engine" start --attach $proxy "$name" &
fi
wait $!
leave $?
`;

export interface KeeperOptions {
  readonly engine: EngineKind;
  readonly name: string;
  /** Removed with its last container when the coordinator is dead; undefined: it is not ours. */
  readonly network: string | undefined;
  readonly stopSignal: string;
  /** Milliseconds from there to SIGKILL. */
  readonly grace: number;
  readonly directory: string;
  /** Words of `create`, after the name. */
  readonly create: readonly string[];
}

/** Program and arguments. */
export function keeperCommand(options: KeeperOptions): readonly string[] {
  const { engine, name, network = '', stopSignal, grace, directory, create } = options;
  const seconds = (grace / 1_000).toFixed(2);
  const own = [
    engine,
    name,
    network,
    stopSignal.replace(/^SIG/, ''),
    seconds,
    directory,
    removeWords(engine).join(' '),
  ];
  return ['sh', '-c', SCRIPT, 'greenroom-keeper', ...own, ...create];
}
