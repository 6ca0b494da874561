/**
 * What runs in each process of `greenroom exec --each`. Joins on the first file, so that the process has a lease and
 * a slot of its own, then imports the files it is given, each with its slices.
 */
import { pathToFileURL } from 'node:url';
import { connectWorker } from '../src/client/worker.ts';
import type { Session } from '../src/client/session.ts';
import { GreenroomError } from '../src/protocol/failure.ts';

export interface FileResult {
  readonly slot: number | undefined;
}

interface Membership {
  readonly session: Session;
  /** Rejects when the infrastructure is lost. */
  readonly lost: Promise<never>;
}

let membership: Promise<Membership> | undefined;

/** Imports a file and awaits its default export, if that is a function. */
export async function runFile(file: string): Promise<FileResult> {
  membership ??= join();
  const { session, lost } = await membership;
  const { slot } = session.welcome;
  const { env } = await session.wait({ resources: null, unit: 'file' });
  Object.assign(process.env, env, { GREENROOM_SLOT: String(slot) });
  try {
    await Promise.race([importAndRun(file), lost]);
  } finally {
    // Not waited for: the next file asks on the same connection, and so comes after it.
    session.release('file').catch(() => undefined);
  }
  return { slot };
}

async function join(): Promise<Membership> {
  const session = await connectWorker(process.env['GREENROOM_FILE'] ?? '', { run: process.env['GREENROOM_RUN'] ?? '' });
  const lost = session.lost.then((failure): never => {
    throw new GreenroomError(failure);
  });
  // Between two files nobody listens; the next file is told.
  lost.catch(() => undefined);
  return { session, lost };
}

async function importAndRun(file: string): Promise<void> {
  const { default: main } = (await import(pathToFileURL(file).href)) as { default?: unknown };
  if (typeof main === 'function') await main();
}
