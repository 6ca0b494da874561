import type { Story } from './story.ts';
import { twelveAsk } from './twelve.ts';

/** Twelve processes keep their connections to a server that has one thread, so that it waits for the wrong one. */
export const R1: Story = {
  id: 'R1',
  title: 'a server with one thread: twelve processes ask three times each, and keep their connections',
  runs: 5,
  ...twelveAsk('R1', {
    command: ['python3', '../shared/http_server.py'],
    faults: { 'one thread': { SERVER: 'HTTPServer', PROTOCOL: 'HTTP/1.1' } },
    controls: {
      'HTTP/1.0': { SERVER: 'HTTPServer', PROTOCOL: 'HTTP/1.0' },
      threads: { SERVER: 'ThreadingHTTPServer', PROTOCOL: 'HTTP/1.1' },
    },
  }),
};
