import { Agent, get } from 'node:http';

/**
 * Asks as fast as answers come, over connections that are kept.
 *
 * @returns milliseconds that each of the requests took
 */
export async function load(url: string, connections: number, requests: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let left = requests;
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (left > 0) {
          left -= 1;
          const before = performance.now();
          await answered(url, agent);
          times.push(performance.now() - before);
        }
      }),
    );
  } finally {
    agent.destroy();
  }
  return times;
}

function answered(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.once('error', reject).resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`answered ${response.statusCode}`));
      });
    }).once('error', reject);
  });
}
