/** What an error says of itself: whether it tells of a connection, of time that ran out, or of what was expected. */
import { isOfNetwork, type Part, partsOf, type Unreached, unreachedIn } from './addresses.ts';

export interface Thrown {
  /**
   * `connection`: one could not be made, or broke. `timeout`: something took too long, whatever it was. `assertion`:
   * what came was not what was expected. `other`: anything else.
   */
  readonly kind: 'connection' | 'timeout' | 'assertion' | 'other';
  /** What could not be reached, where it says so. */
  readonly unreached: readonly Unreached[];
  /** Kind of resource whose client has thrown it, where that can be seen, and only its server can have caused it. */
  readonly client?: 'postgres' | 'redis';
  /** Its message's first line. */
  readonly text: string;
}

/** An error as it was thrown, or as Vitest keeps it. */
export function thrownFacts(error: unknown): Thrown {
  const parts = partsOf(error);
  const [head = {}] = parts;
  // `rejects` and `resolves` say with an assertion what broke, and carry it.
  const telling = isAssertion(head) ? parts.slice(1) : parts;
  const client = clientOf(telling);
  const broke = client !== undefined || telling.some(isOfNetwork);
  return {
    kind: broke ? 'connection' : isAssertion(head) ? 'assertion' : parts.some(ranOut) ? 'timeout' : 'other',
    unreached: unreachedIn(error),
    ...(client === undefined ? {} : { client }),
    text: textOf(head).split('\n', 1)[0] ?? '',
  };
}

function textOf({ message, name }: Part): string {
  const text = message ?? name;
  return typeof text === 'string' ? text : 'an error without a message';
}

function isAssertion({ name, code }: Part): boolean {
  return name === 'AssertionError' || code === 'ERR_ASSERTION';
}

const RAN_OUT = /\btimed? ?out\b|\btime-?out\b|\bdeadline exceeded\b/i;

function ranOut({ name, code, message }: Part): boolean {
  return name === 'TimeoutError' || RAN_OUT.test(String(message)) || /TIMEOUT/.test(String(code));
}

interface Client {
  readonly kind: NonNullable<Thrown['client']>;
  /** What only the server's end can be the reason of; a client that the test closed itself says other things. */
  readonly says: RegExp;
  /** Where the client's code is, in a stack. */
  readonly at: RegExp;
}

const CLIENTS: readonly Client[] = [
  {
    kind: 'postgres',
    // SQLSTATE classes 08 (connection exception) and 57P (operator intervention), and what pg and postgres.js say.
    says: /^(?:57P0[1-5]|08\w{3}|CONNECTION_CLOSED) |Connection terminated unexpectedly|terminating connection|the database system is |not yet accepting connections|Client has encountered a connection error/,
    at: /[\\/]node_modules[\\/](?:pg|pg-pool|pg-protocol|postgres)[\\/]/,
  },
  {
    kind: 'redis',
    says: /reached the max retries per request|Socket closed unexpectedly|LOADING Redis/i,
    at: /[\\/]node_modules[\\/](?:ioredis|redis|@redis)[\\/]/,
  },
];

function clientOf(parts: readonly Part[]): Client['kind'] | undefined {
  return CLIENTS.find(({ says, at }) =>
    parts.some((part) => says.test(saidBy(part)) || (isOfNetwork(part) && at.test(String(part['stack'])))),
  )?.kind;
}

const saidBy = ({ code, message }: Part): string => `${typeof code === 'string' ? code : '-'} ${String(message)}`;
