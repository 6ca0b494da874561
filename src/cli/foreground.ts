import { spawnShim } from '../platform/shim.ts';
import type { Attended } from './attend.ts';
import type { Started } from './start-up.ts';

/**
 * Starts a command as a shell would, with our own input and output. On a terminal it stays in our process group: only
 * the foreground group may read from the terminal.
 */
export function startForeground(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  { session, grace }: Started,
): Attended {
  const shareTerminal = process.stdin.isTTY;
  const shim = spawnShim({
    run: command,
    env,
    stdin: 'inherit',
    stdout: 'inherit',
    stderr: 'inherit',
    graceMs: grace,
    leaseFd: session.fd,
    ownGroup: !shareTerminal,
  });
  return { processes: [shim], lost: session.lost, shareTerminal };
}
