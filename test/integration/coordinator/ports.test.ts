import { createServer } from 'node:net';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import { eventually, Project } from '../../support/project.ts';

const config = (options: string): string => `
const blocks = ports({ ${options} });
export default defineConfig({ resources: { blocks }, linger: 0 });
`;

interface Block {
  readonly host: string;
  readonly port: number;
  readonly ports: readonly number[];
}

/** Whether a server can listen there now. */
async function canListen(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const heard = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  server.close();
  return heard;
}

/** Whether somebody has reserved it, as the kernel sees it. */
async function isReserved(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const refused = once(socket, 'error').then(() => true);
  const bound = new Promise<boolean>((resolve) => {
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(false));
  });
  const reserved = await Promise.race([refused, bound]);
  socket.close();
  return reserved;
}

const free = (ports: readonly number[]): Promise<true> =>
  eventually(
    async () => ((await Promise.all(ports.map(isReserved))).includes(true) ? undefined : true),
    'ports to be free',
  );

test('each worker has a block of its own on which it can listen, over all projects of the host', async () => {
  await using one = new Project(config(`count: 20, slice: 'worker'`));
  await using other = new Project(config(`count: 20, slice: 'worker'`));
  const workers = await Promise.all([one, one, one, other, other, other].map((project) => project.join('worker')));
  const replies = await Promise.all(workers.map((worker) => worker.ready()));
  const blocks = replies.map(({ endpoints }) => endpoints.blocks as Block);
  for (const { host, port, ports } of blocks) {
    expect({ host, count: ports.length, first: ports[0] }).toEqual({ host: '127.0.0.1', count: 20, first: port });
  }
  expect(replies.map(({ env }) => env.GREENROOM_BLOCKS_PORT)).toEqual(blocks.map(({ port }) => String(port)));
  const all = blocks.flatMap(({ ports }) => ports);
  expect(new Set(all).size).toBe(120);
  expect(await Promise.all(all.map(canListen))).not.toContain(false);
  expect(await Promise.all(all.map(isReserved))).not.toContain(false);

  const [gone, ...rest] = workers;
  gone!.kill('SIGKILL');
  await free(blocks[0]!.ports);
  expect(await Promise.all(blocks.slice(1).flatMap(({ ports }) => ports.map(isReserved)))).not.toContain(false);
  for (const worker of rest) worker.kill('SIGKILL');
  await Promise.all([one.nothingLeft(), other.nothingLeft()]);
  await free(all);
});

test('a block that all share is held until the teardown, and is gone with a coordinator that is killed', async () => {
  await using project = new Project(config('count: 3'));
  const runner = await project.join();
  const worker = await project.join('worker');
  const [whole, same] = await Promise.all([runner.ready(), worker.ready()]);
  const { ports } = whole.endpoints.blocks as Block;
  expect(same.endpoints.blocks.ports).toEqual(ports);
  expect(await Promise.all(ports.map(isReserved))).not.toContain(false);
  const { coordinator } = await runner.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await free(ports);
});

test('one port is what it has without a number', async () => {
  await using project = new Project(config(''));
  const runner = await project.join();
  const { endpoints } = await runner.ready();
  expect(endpoints.blocks.ports).toEqual([endpoints.blocks.port]);
});
