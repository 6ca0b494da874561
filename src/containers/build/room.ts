/** Whether one more build may begin. Pure: who asks says what there is. */

/** Builds wait for disks, downloads and other programs most of the time, so there may be more of them than cores. */
const PER_CORE = 2;
/** Bytes that must be free for one more: half of a GiB is what a compiler takes. */
const FREE_BYTES = 512 * 2 ** 20;

/** What the machine has. */
export interface Machine {
  readonly cores: number;
  /** Bytes that can be had without swapping. */
  readonly freeBytes: number;
}

/**
 * `cores` and `memory`: it has to wait, for want of that. One build may always run: to wait would help nobody.
 *
 * @param running builds that are under way
 */
export function roomFor(running: number, { cores, freeBytes }: Machine): 'yes' | 'cores' | 'memory' {
  if (running === 0) return 'yes';
  if (running >= Math.max(1, cores) * PER_CORE) return 'cores';
  return freeBytes < FREE_BYTES ? 'memory' : 'yes';
}
