/** Process entry: the mock LLM on a port of the system's choice, told in one line on standard output. */
import type { AddressInfo } from 'node:net';
import { createMockLlm } from '../src/resources/llm/server.ts';

const server = createMockLlm();
server.listen(0, '127.0.0.1', () => {
  const { address, port } = server.address() as AddressInfo;
  console.log(`mock-llm listens on ${address} port ${port}`);
});
