/**
 * How a process beside a container ends, as a part of its script: it removes the container, and the network only when the
 * coordinator is not its parent any more. While that lives, the network is its own matter: others may still come to it.
 * Asks for the variables `engine`, `remove` (words, see `removeWords`), `name` and `network`, which is empty where it is
 * not ours.
 */
export const LEAVE = `
leave() {
  "$engine" $remove "$name"
  [ -z "$network" ] || [ "$(parent)" -eq "$PPID" ] || "$engine" network rm "$network"
  exit "$1"
} >/dev/null 2>&1
parent() {
  [ -r "/proc/$$/status" ] || { ps -o ppid= -p $$; return; }
  while read -r field value; do [ "$field" != PPid: ] || echo "$value"; done <"/proc/$$/status"
}
`;
