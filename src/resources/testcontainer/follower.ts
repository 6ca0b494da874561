/**
 * A process beside a container that somebody else starts: it passes its output on, ends when it ends, and removes it. It
 * runs under the shim, so that the container goes when the coordinator dies.
 */
import { removeWords, type EngineKind } from '../../containers/engine.ts';
import { LEAVE } from '../container/leave.ts';

/** Its own words: engine, name, network, and what removes it. */
const SCRIPT = `${LEAVE}
engine=$1 name=$2 network=$3 remove=$4
# Before it runs, an engine follows nothing.
begun() {
  case "$("$engine" container inspect --format '{{.State.Status}}' "$name" 2>/dev/null)" in
    ''|created|configured|initialized) return 1 ;;
  esac
}
trap 'leave 143' TERM
until begun; do sleep 0.1 & wait $!; done
"$engine" logs --follow "$name" & wait $!
"$engine" wait "$name" >/dev/null 2>&1 & wait $!
leave "$("$engine" container inspect --format '{{.State.ExitCode}}' "$name" 2>/dev/null || echo 1)"
`;

/** Program and arguments. */
export function followerCommand(engine: EngineKind, name: string, network: string): readonly string[] {
  return ['sh', '-c', SCRIPT, 'greenroom-follower', engine, name, network, removeWords(engine).join(' ')];
}
