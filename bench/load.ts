/** The least that an HTTP client can do: requests over raw connections that are kept, one after the other on each. */
import { once } from 'node:events';
import { connect } from 'node:net';

interface Load {
  readonly port: number;
  readonly path: string;
  /** JSON, which is posted; without it, the path is got. */
  readonly body?: string;
  /** How many are open at once, default 32. */
  readonly connections?: number;
  /** Whole lines, such as `baggage: a=b\r\n`. */
  readonly headers?: string;
}

/** Sends so many requests as fast as they are answered; returns the milliseconds that each of them took. */
export async function load(requests: number, { headers = '', connections = 32, ...what }: Load): Promise<number[]> {
  const { port, path, body } = what;
  const request =
    body === undefined
      ? `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers}\r\n`
      : `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
  const times: number[] = [];
  let left = requests;
  await Promise.all(
    Array.from({ length: Math.min(connections, requests) }, async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.setNoDelay(true);
      while (left > 0) {
        left -= 1;
        const before = performance.now();
        socket.write(request);
        await answered(socket);
        times.push(performance.now() - before);
      }
      socket.destroy();
    }),
  );
  return times;
}

/** Waits for one whole answer. */
function answered(socket: ReturnType<typeof connect>): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (error?: Error): void => {
      socket.off('data', take);
      socket.off('close', gone);
      if (error === undefined) resolve();
      else reject(error);
    };
    const gone = (): void => done(new Error('the server has closed the connection'));
    const take = (data: Buffer): void => {
      text += data.toString('latin1');
      if (!isWhole(text)) return;
      done(text.startsWith('HTTP/1.1 200') ? undefined : new Error(`the server answered ${text.slice(0, 300)}`));
    };
    socket.on('data', take);
    socket.on('close', gone);
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= end + 4 + Number(length);
}
