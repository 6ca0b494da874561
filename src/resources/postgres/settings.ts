import { availableParallelism } from 'node:os';
import type { Settings } from './options.ts';

/**
 * Tuned for tests: nothing needs to survive the machine. What was committed survives the server, which may be brought
 * back on its data: a commit is written, and waits for no disk.
 */
const TUNING: Settings = {
  fsync: 'off',
  full_page_writes: 'off',
  unix_socket_directories: '',
  // In the data directory, so that it goes with it even when the server is killed: it would stay in /dev/shm for ever.
  dynamic_shared_memory_type: 'mmap',
};

/** Enough for a few dozen of everything, where the config names no number of workers. */
const LEAST_CONNECTIONS = 300;
/** What each worker may take: a pool of ten, which is the default of `pg`, and two besides. */
export const CONNECTIONS_PER_WORKER = 12;
/** Databases that are made and dropped at a time: one for each core. More than these wait for each other in the server. */
export const LANES = Math.min(availableParallelism(), 8);
/** Of Greenroom itself: each lane's, one that looks into what came back on it, and those of a start, a probe and a lock. */
const others = (lanes: number): number => Math.max(10, 2 * lanes + 4);

/**
 * For a data directory that is made to be copied: no log is kept ready for writes to come, and what is not written yet of
 * a file of it takes no room.
 */
export const COMPACT: Settings = { wal_recycle: 'off', wal_init_zero: 'off', min_wal_size: '32MB' };

/** Workers that a server of this many connections is enough for. */
export function workersFor(connections: number): number {
  return Math.max(0, Math.floor((connections - others(LANES)) / CONNECTIONS_PER_WORKER));
}

/** Connections that so many workers need. */
export const connectionsOf = (workers: number, lanes = LANES): number =>
  workers * CONNECTIONS_PER_WORKER + others(lanes);

export function connectionsFor(workers = 0, lanes = LANES): number {
  return Math.max(LEAST_CONNECTIONS, connectionsOf(workers, lanes));
}

/** The settings as arguments of the server; the user's win. */
export function settingsOf(host: string, port: number, workers: number | undefined, own: Settings): readonly string[] {
  const settings = { ...TUNING, max_connections: connectionsFor(workers), ...own, listen_addresses: host, port };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
