/**
 * Process entry: the mock LLM on the port that it is given (0: one of the system's choice), told in one line on standard
 * output, and its control on a socket in the directory that it is given, where its settings are, too.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Book } from '../src/resources/llm/book.ts';
import { BACKLOG, controlled } from '../src/resources/llm/control.ts';
import { createMockLlm } from '../src/resources/llm/server.ts';
import { CONTROL, SETTINGS, type Settings } from '../src/resources/llm/settings.ts';

const [directory = '.', given = '0'] = process.argv.slice(2);
const { scripts, forceText, slot } = JSON.parse(readFileSync(join(directory, SETTINGS), 'utf8')) as Settings;
const book = new Book(scripts, forceText);
const control = join(directory, CONTROL);

await controlled(book, control);
const server = createMockLlm(book, slot);
server.listen({ port: Number(given), host: '127.0.0.1', backlog: BACKLOG }, () => {
  const { address, port } = server.address() as AddressInfo;
  console.log(`mock-llm listens on ${address} port ${port}`);
});
