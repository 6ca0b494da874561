import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { pause } from '../../src/platform/deadline.ts';
import { connectWorker } from '../built.ts';
import type { Effort } from '../effort.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread, timed } from '../stats.ts';

const SERVERS = 12;
const CONFIG = `{ resources: { cache: (await import('greenroom/redis')).redis({ slice: 'worker' }) }, workers: ${SERVERS}, linger: 0 }`;
const WAIT = { resources: ['cache'] };

/** From twelve workers that ask at once to twelve servers that answer, beside as many started by hand. */
export async function redisServers({ generations }: Effort): Promise<Row[]> {
  const samples = await repeat(Math.ceil(generations / 2), async () => {
    const byHand = await startByHand();
    return { byHand, ...(await startByGreenroom()) };
  });
  const all = samples.map(({ cold }) => cold);
  const warm = samples.flatMap((sample) => sample.warm);
  return [
    {
      name: `${SERVERS} Redis servers ready, over the same by hand`,
      value: round(median(samples.map(({ cold, byHand }) => cold / byHand))),
      unit: '×',
      goal: 1.5,
      note: `${spread(all)}; by hand ${spread(samples.map(({ byHand }) => byHand))}`,
    },
    {
      name: 'one more Redis server, from the spares',
      value: round(median(warm)),
      unit: 'ms',
      note: spread(warm),
    },
  ];
}

function startByGreenroom(): Promise<{ cold: number; warm: readonly number[] }> {
  return withRig(CONFIG, async ({ session }) => {
    await session.wait(WAIT);
    const joined = (): ReturnType<typeof connectWorker> => connectWorker(session.file, { run: 'bench' });
    const workers = await Promise.all(Array.from({ length: SERVERS }, joined));
    try {
      const cold = await timed(() => Promise.all(workers.map((worker) => worker.wait(WAIT))));
      const warm = await repeat(SERVERS, async () => {
        const next = await joined();
        const ms = await timed(() => next.wait(WAIT));
        next.close();
        return ms;
      });
      return { cold, warm };
    } finally {
      for (const worker of workers) worker.close();
    }
  });
}

async function startByHand(): Promise<number> {
  const dir = mkdtempSync(joinPath(tmpdir(), 'greenroom-bench-redis-'));
  const ports = await Promise.all(Array.from({ length: SERVERS }, () => getPort()));
  const before = performance.now();
  const servers = ports.map((port) =>
    execa('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', ''], {
      reject: false,
      stdio: 'ignore',
    }),
  );
  try {
    await Promise.all(ports.map(untilPong));
    return performance.now() - before;
  } finally {
    for (const server of servers) server.kill('SIGKILL');
    await Promise.all(servers);
    rmSync(dir, { recursive: true, force: true });
  }
}

async function untilPong(port: number): Promise<void> {
  while (!(await pongs(port))) await pause(2);
}

function pongs(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (ok: boolean): void => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('error', () => end(false));
  });
}
