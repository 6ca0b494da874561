/** A Redis server that was there before Greenroom, and a client's view of servers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { eventually } from './project.ts';
import { freePort } from './servers.ts';

/** A connection for one act; it never tries again. */
export async function ask<T>(url: string, act: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    return await act(client);
  } finally {
    client.disconnect();
  }
}

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Its databases that hold keys → how many. */
  keys(): Promise<Readonly<Record<string, number>>>;
  /** Of the marks of leased databases, who set them. */
  marks(): Promise<Readonly<Record<string, string | null>>>;
}

/** Starts a server of the test's own, with these words of configuration. */
export async function redisServer(...words: readonly string[]): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'gr-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const server = execa('redis-server', ['--port', String(port), '--dir', dir, '--save', '', ...words], {
    reject: false,
    stdio: 'ignore',
  });
  const answers = (): Promise<true | undefined> =>
    ask(url, (client) => client.ping()).then(
      () => true as const,
      () => undefined,
    );
  await eventually(answers, 'the server of the test to answer');
  return {
    port,
    url,
    keys: () =>
      ask(url, async (client) => {
        const info = await client.info('keyspace');
        return Object.fromEntries(
          [...info.matchAll(/^db(\d+):keys=(\d+)/gm)].map(([, db, count]) => [db, Number(count)]),
        );
      }),
    marks: () =>
      ask(url, async (client) => {
        const keys = await client.keys('greenroom:index:*');
        const entries = keys.toSorted().map(async (key) => [key.split(':')[2], await client.get(key)] as const);
        return Object.fromEntries(await Promise.all(entries)) as Record<string, string | null>;
      }),
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await server;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
