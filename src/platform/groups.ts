import { groupMembers } from './identity.ts';

/** Kills a process group and waits until nothing of it is left. */
export async function killGroup(pgrp: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (sendSignal(-pgrp, 'SIGKILL') && groupMembers(pgrp).length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Sends a signal; false when there is nobody to get it. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
