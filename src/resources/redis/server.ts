import { mkdir, rm } from 'node:fs/promises';
import type { Exit, ManagedProcess, ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { answeringPid } from './answering.ts';
import type { RedisEndpoint } from './index.ts';

export const PROGRAM = 'redis-server';

/** A server of our own. */
export interface RedisServer {
  readonly label: string;
  readonly endpoint: RedisEndpoint;
  readonly process: ManagedProcess;
  /** Resolves however it ends. */
  readonly ended: Promise<Exit>;
  /** Kills it and removes its directory. */
  stop(): Promise<void>;
}

interface Given {
  /** In the ledger and in messages; no other server of the resource has it. */
  readonly label: string;
  /** Made for this server, because it would load a dump that an earlier one had left there. */
  readonly directory: string;
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** That of one that was there before in its place. Without it, a port that is free. */
  readonly port?: number;
}

/**
 * Starts a server that saves nothing, and waits until it answers.
 *
 * @throws GreenroomError RESOURCE_EXITED, PORT_TAKEN; rejects with the signal's reason
 */
export async function startServer(ctx: ResourceContext, given: Given): Promise<RedisServer> {
  const { label, directory } = given;
  await mkdir(directory, { mode: 0o700, recursive: true });
  const host = '127.0.0.1';
  const port = given.port ?? (await ctx.reservePort());
  const endpoint = { host, port, url: `redis://${host}:${port}`, database: 0 };
  const process = await ctx.spawn({
    run: [PROGRAM, '--bind', host, '--port', String(port), '--dir', directory, '--save', '', '--appendonly', 'no'],
    cwd: directory,
    label,
    oneShot: true,
    // It has nothing to save, and its answer to SIGTERM takes 100 ms.
    stopSignal: 'SIGKILL',
    deathSignal: 'SIGKILL',
  });
  const died = new AbortController();
  const signal = AbortSignal.any([given.signal, died.signal]);
  let ready = false;
  void process.exited.then((exit) => {
    if (ready) return;
    const message = `${label} ${describeExit(exit)} before it was ready`;
    died.abort(ctx.error('RESOURCE_EXITED', message, 'its log ends with the reason'));
  });
  const stop = async (): Promise<void> => {
    await process.stop();
    if (given.port === undefined) ctx.releasePort(port);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const pid = await answeringPid(host, port, signal);
    if (pid !== process.pid) {
      const message = `another Redis server (pid ${pid}) answers on port ${port}, which ${label} was given`;
      throw ctx.error('PORT_TAKEN', message);
    }
    ready = true;
    return { label, endpoint, process, ended: process.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
