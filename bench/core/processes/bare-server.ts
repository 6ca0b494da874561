/** A unix socket that answers one line with one line: what joining cannot be faster than. */
import { createServer } from 'node:net';

const path = process.argv[2] ?? '';
createServer((socket) => {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += chunk.toString();
    if (text.endsWith('\n')) socket.write(`${JSON.stringify({ type: 'welcome', you: JSON.parse(text) as unknown })}\n`);
  });
}).listen({ path, backlog: 4096 }, () => console.log('true'));
// Ends with the process that started it.
process.stdin.on('end', () => process.exit()).resume();
