/** The least that an HTTP client can do: requests over raw connections that are kept, one after the other on each. */
import { once } from 'node:events';
import { connect } from 'node:net';

const CONNECTIONS = 32;

interface Load {
  readonly port: number;
  readonly path: string;
  /** JSON. */
  readonly body: string;
  /** Whole lines, such as `baggage: a=b\r\n`. */
  readonly headers?: string;
}

/** Sends so many requests as fast as they are answered; returns the milliseconds that took. */
export async function load(requests: number, { port, path, body, headers = '' }: Load): Promise<number> {
  const length = Buffer.byteLength(body);
  const request = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`;
  let left = requests;
  const before = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(CONNECTIONS, requests) }, async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.setNoDelay(true);
      while (left > 0) {
        left -= 1;
        socket.write(request);
        await answered(socket);
      }
      socket.destroy();
    }),
  );
  return performance.now() - before;
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
