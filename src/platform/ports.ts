import { createSocket, type Socket } from 'node:dgram';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { GreenroomError } from '../protocol/failure.ts';

/**
 * Below the range that kernels hand out for outgoing connections (Linux 32768–60999, macOS 49152–65535), so that
 * nobody gets one of these by asking for port 0.
 */
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;
const TRIES = 200;

/** A port that no other Greenroom process on this host will be given until it is released. */
export interface PortReservation {
  readonly port: number;
  release(): void;
}

/**
 * Reserves a TCP port. The reservation is a UDP socket bound to the same number: the kernel makes it exclusive on
 * the host, frees it when its holder dies in whatever way, and it does not hinder the service's own TCP bind.
 */
export async function reservePort(): Promise<PortReservation> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    const token = await bindUdp(port);
    if (token === undefined) continue;
    if ((await getPort({ port })) === port) return { port, release: () => token.close() };
    token.close();
  }
  throw new GreenroomError({
    code: 'RESOURCE_START_FAILED',
    message: `no free port between ${FIRST_PORT} and ${LAST_PORT} after ${TRIES} tries`,
    hint: 'see which processes listen there, for example with `ss -ltn`',
  });
}

/** Ports that no other Greenroom process on this host will be given until all are released together. */
export interface PortBlock {
  readonly ports: readonly number[];
  release(): void;
}

/**
 * Reserves several TCP ports, or none.
 *
 * @throws GreenroomError RESOURCE_START_FAILED when so many are not free
 */
export async function reservePorts(count: number): Promise<PortBlock> {
  const reserved: PortReservation[] = [];
  const release = (): void => reserved.splice(0).forEach((one) => one.release());
  try {
    while (reserved.length < count) reserved.push(await reservePort());
    return { ports: reserved.map(({ port }) => port), release };
  } catch (error) {
    release();
    throw error;
  }
}

function bindUdp(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: false });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(socket);
    });
  });
}

/** A process that listens on a port. */
export interface Listener {
  readonly pid: number;
  readonly name: string;
}

/**
 * Who listens on a TCP port, as far as this user may see. Empty does not prove that nobody does.
 *
 * @param among Only these processes; to look at all of them takes tens of milliseconds on a busy machine.
 */
export async function listenersOf(port: number, among?: readonly number[]): Promise<readonly Listener[]> {
  if (process.platform === 'linux') return fromProc(port, among?.map(String));
  const all = await fromLsof(port);
  return among === undefined ? all : all.filter(({ pid }) => among.includes(pid));
}

function fromProc(port: number, among?: readonly string[]): readonly Listener[] {
  const inodes = new Set([...listeningInodes('/proc/net/tcp', port), ...listeningInodes('/proc/net/tcp6', port)]);
  if (inodes.size === 0) return [];
  return (among ?? readdirSync('/proc')).flatMap((pid) =>
    /^\d+$/.test(pid) && holdsSocket(pid, inodes) ? [{ pid: Number(pid), name: nameOf(pid) }] : [],
  );
}

function listeningInodes(file: string, port: number): readonly string[] {
  const LISTEN = '0A';
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, local, , state, , , , , , inode]) =>
        state === LISTEN && local?.endsWith(`:${wanted}`) && inode !== undefined ? [inode] : [],
      );
  } catch {
    return []; // no IPv6 on this machine
  }
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkOrEmpty(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false; // gone meanwhile, or another user's
  }
}

function readlinkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function nameOf(pid: string): string {
  try {
    // Not `comm`, which is the name of a thread: of a Node process, "MainThread".
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return (
      words
        .slice(0, 2)
        .map((word) => basename(word))
        .join(' ') || 'unknown'
    );
  } catch {
    return 'unknown';
  }
}

async function fromLsof(port: number): Promise<readonly Listener[]> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
    return [...stdout.matchAll(/^p(\d+)\nc(.*)$/gm)].map(([, pid, name]) => ({ pid: Number(pid), name: name ?? '' }));
  } catch {
    return []; // lsof ends with 1 when it finds none
  }
}
