/**
 * Passes connections on to servers of this host: `forwarder HOST:PORT=PORT …`. Started by the coordinator for containers,
 * which reach the host only at its address on their network.
 */
import { connect, createServer, type Socket } from 'node:net';

for (const way of process.argv.slice(2)) {
  const [from = '', to = ''] = way.split('=');
  const [host = '', port = ''] = from.split(':');
  createServer({ allowHalfOpen: true }, (socket) => pass(socket, Number(to))).listen(Number(port), host);
}

function pass(socket: Socket, port: number): void {
  const server = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.pipe(server).pipe(socket);
  // What one side does is done to the other: a connection that breaks must not look like one that ends.
  socket.on('error', () => server.resetAndDestroy());
  server.on('error', () => socket.resetAndDestroy());
}
