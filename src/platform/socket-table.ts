/** Sockets as people read them: who has them, where they listen, and to whom they are connected. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

/** What the kernel numbers the states of TCP by, from 1 on. */
const TCP_STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
];

/** A heading and one row for each socket of these processes, as far as this user may see. */
export async function socketTable(pids: readonly number[]): Promise<readonly (readonly string[])[]> {
  const rows = process.platform === 'linux' ? fromProc(pids) : await fromLsof(pids);
  return [['PID', 'KIND', 'STATE', 'LOCAL', 'REMOTE', 'QUEUED'], ...rows];
}

function fromProc(pids: readonly number[]): readonly (readonly string[])[] {
  const holders = new Map<string, string>();
  for (const pid of pids)
    for (const inode of socketsOf(pid)) holders.set(inode, [holders.get(inode), pid].filter(Boolean).join(','));
  return [...tcp('tcp', holders), ...tcp('tcp6', holders), ...unix(holders)];
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode ?? [];
    });
  } catch {
    return []; // gone meanwhile, or another user's
  }
}

function tcp(file: 'tcp' | 'tcp6', holders: ReadonlyMap<string, string>): string[][] {
  return linesOf(file).flatMap((line) => {
    const [, local = '', remote = '', state = '', queues = '', , , , , inode = ''] = line.trim().split(/\s+/);
    const holder = holders.get(inode);
    if (holder === undefined) return [];
    const [sent = 0, received = 0] = queues.split(':').map((hex) => Number.parseInt(hex, 16));
    const queued = sent + received === 0 ? '' : `${sent} out, ${received} in`;
    const name = TCP_STATES[Number.parseInt(state, 16) - 1] ?? state;
    return [[holder, file, name, addressOf(local), name === 'LISTEN' ? '' : addressOf(remote), queued]];
  });
}

function unix(holders: ReadonlyMap<string, string>): string[][] {
  return linesOf('unix').flatMap((line) => {
    const [, , , flags = '', , , inode = '', path = ''] = line.trim().split(/\s+/);
    const holder = holders.get(inode);
    if (holder === undefined || path === '') return [];
    return [[holder, 'unix', flags === '00010000' ? 'LISTEN' : '', path, '', '']];
  });
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(`/proc/net/${file}`, 'utf8').trimEnd().split('\n').slice(1);
  } catch {
    return []; // no IPv6 on this machine
  }
}

/** `0100007F:1F90` → `127.0.0.1:8080`. The kernel prints each 32 bits of an address as a number of this machine's. */
function addressOf(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  const at = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${bytes.join('.')}:${at}`;
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::')}]:${at}`;
}

async function fromLsof(pids: readonly number[]): Promise<readonly (readonly string[])[]> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', '-a', '-p', pids.join(','), '-i', '-U']);
    return stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [, pid = '', , , kind = '', , , , ...name] = line.trim().split(/\s+/);
        return [pid, kind, '', name.join(' '), '', ''];
      });
  } catch {
    return []; // lsof ends with 1 when it finds none
  }
}
