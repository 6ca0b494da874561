import { connect } from 'node:net';

/** Connects, writes one line, reads one line, hangs up. */
export function hello(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`${JSON.stringify({ type: 'hello', pid: process.pid })}\n`));
    socket.once('data', (line) => {
      JSON.parse(line.toString());
      socket.destroy();
      resolve();
    });
  });
}
