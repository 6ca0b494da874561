/** Who listens in a container's own network, as its kernel says. */
import { readFile } from 'node:fs/promises';

export interface Listening {
  readonly port: number;
  /** On an address that only the container itself can reach. */
  readonly loopback: boolean;
}

const LISTEN = '0A';

/** What `/proc/net/tcp` or `tcp6` has of sockets that listen. Pure. */
export function listeningIn(table: string): readonly Listening[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === LISTEN ? [{ port: Number.parseInt(port, 16), loopback: isLoopback(address) }] : [];
  });
}

/** The kernel writes each four bytes of an address as one number of this machine, which has the first byte last. */
function isLoopback(address: string): boolean {
  return (
    /^[0-9A-F]{6}7F$/.test(address) ||
    address === '00000000000000000000000001000000' ||
    /^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address)
  );
}

/**
 * Sockets that listen in the network of a process.
 *
 * @param pid of the container's first process, as the host has it
 * @returns undefined where that cannot be seen: it has ended, or runs in a virtual machine
 */
export async function listening(pid: number): Promise<readonly Listening[] | undefined> {
  try {
    const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')));
    return tables.flatMap(listeningIn);
  } catch {
    return undefined;
  }
}
