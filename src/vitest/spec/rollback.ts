import type { Failure } from '../../protocol/failure.ts';
import { current } from '../worker/current.ts';
import { mistaken } from '../worker/say.ts';
import { NOT_JOINED } from './endpoint.ts';

/** One connection to PostgreSQL, such as a `Client` of `pg`. */
export interface Connection {
  query(sql: string): PromiseLike<unknown>;
}

/**
 * Runs each spec of this file or `describe`, with its `beforeEach` and `afterEach`, in a transaction of this connection
 * that is rolled back after it. What is done over other connections is not; nor are sequences.
 *
 * @throws NOT_JOINED
 */
export function rollback(connection: Connection): void {
  const { test } = current;
  if (test === undefined) throw mistaken(NOT_JOINED, rollback);
  let running = false;
  test.aroundEach(async (run) => {
    if (running) throw mistaken(CONCURRENT);
    running = true;
    try {
      await connection.query('begin');
      await run();
    } finally {
      running = false;
      await connection.query('rollback');
    }
  });
}

const CONCURRENT: Failure = {
  code: 'SLICE_SCOPE',
  message: 'specs that run at the same time cannot each have a transaction of one connection',
  hint: "leave `concurrent` out, or give each a database of its own: `slice: 'test'`",
};
