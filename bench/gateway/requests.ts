import { Agent, request } from 'node:http';

/** Milliseconds of each of so many GETs, over connections that are kept, and of all of them together. */
export async function requests(
  count: number,
  connections: number,
  port: number,
): Promise<{ readonly each: readonly number[]; readonly all: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const each: number[] = [];
  let left = count;
  const before = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left > 0) {
        left -= 1;
        const began = performance.now();
        await get(port, agent);
        each.push(performance.now() - began);
      }
    }),
  );
  const all = performance.now() - before;
  agent.destroy();
  return { each, all };
}

function get(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, agent }, (response) => {
      response.once('end', resolve).once('error', reject).resume();
    });
    asking.once('error', reject).end();
  });
}
