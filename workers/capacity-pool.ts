/**
 * The clients of a `capacity` probe: processes that all hold their connections until the last of them has been
 * answered, or has not. Arguments: url, number of workers, connections of each. Says how many were answered.
 */
import { Tinypool } from 'tinypool';
import { entry } from '../src/platform/entry.ts';

/** Each is a real process; more than these say nothing new, and take long to start. */
const MOST_PROCESSES = 12;

const [url = '', workers = '1', each = '1'] = process.argv.slice(2);
const connections = Number(workers) * Number(each);
const size = Math.min(Number(workers), MOST_PROCESSES);
const shares = Array.from({ length: size }, (_, at) => Math.floor((connections + at) / size));

const pool = new Tinypool({
  filename: entry('capacity-task'),
  name: 'hold',
  runtime: 'child_process',
  minThreads: size,
  maxThreads: size,
  env: process.env as Record<string, string>,
});
const answered = await Promise.all(shares.map((share) => pool.run({ url, connections: share }) as Promise<number>));
process.stdout.write(JSON.stringify({ answered: answered.reduce((sum, one) => sum + one, 0) }));
await pool.destroy();
process.exit();
