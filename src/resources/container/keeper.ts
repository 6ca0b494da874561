/**
 * A process beside each container, as long as that lives: it makes it, passes its output on, ends as it ends, and removes
 * it. It runs under the shim, so that a container goes when the coordinator dies, as any process does; a container alone
 * would not, because its own parent is the engine's.
 */
import { removeWords, type EngineKind } from '../../containers/engine.ts';
import { LEAVE } from './leave.ts';

/** Files in the directory of a keeper, by which it and the driver wait for each other. */
export const KEEPER_FILES = {
  /** By the keeper: the container is there, and, with podman, its network. */
  made: 'made',
  /** By the driver: it may start. */
  go: 'go',
  /** By the driver: its first process, as the host has it. */
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
stopping= run=
trap 'stopping=1' TERM
hears() {
  [ "$signal" = TERM ] && read -r pid <"$dir/pid" || return 0
  while read -r field value; do
    case "$field $value" in Sig[CB]??:\\ *[4-7c-f]???) return 0 ;; esac
  done <"/proc/$pid/status" || return 0
  return 1
}
"$engine" create --name "$name" "$@" >/dev/null || leave $?
[ "$engine" = docker ] || "$engine" init "$name" >/dev/null || leave $?
: >"$dir/made"
while [ -z "$stopping" ] && [ ! -e "$dir/go" ]; do sleep 0.01; done
[ -z "$stopping" ] || leave 143
# Of docker, \`start\` has no such option.
[ "$engine" = docker ] && proxy= || proxy=--sig-proxy=false
"$engine" start --attach $proxy "$name" &
run=$!
while :; do
  wait "$run"; code=$?
  [ -z "$stopping" ] || break
  kill -0 "$run" 2>/dev/null || break
done
if [ -n "$stopping" ] && hears 2>/dev/null; then
  "$engine" kill --signal "$signal" "$name" >/dev/null 2>&1
  sleep "$seconds" &
  timer=$!
  while kill -0 "$run" 2>/dev/null && kill -0 "$timer" 2>/dev/null; do sleep 0.02; done
  kill "$timer" 2>/dev/null
fi
leave "$code"
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
