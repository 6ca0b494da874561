import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two tries: a server is there after ten to fifty. */
const TRY_EVERY = 4;

/**
 * Waits until a server without password answers on a port, and returns the pid it says it has. Spoken by hand: many
 * start at once, and a client library takes longer to ask than a server to start.
 *
 * Rejects with the signal's reason.
 */
export async function answeringPid(host: string, port: number, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const pid = await askPid(host, port, signal);
    if (pid !== undefined) return pid;
    await delay(TRY_EVERY);
  }
}

function askPid(host: string, port: number, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host, port, signal }, () => socket.write('INFO server\r\n'));
    socket.setEncoding('utf8');
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
    socket.on('data', (text: string) => {
      answer += text;
      const pid = /^process_id:(\d+)\r\n/m.exec(answer)?.[1];
      if (pid === undefined) return;
      resolve(Number(pid));
      socket.destroy();
    });
  });
}
