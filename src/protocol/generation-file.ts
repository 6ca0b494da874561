/**
 * The generation file `gen-<N>.json`: how members find the coordinator. Whoever links it first has won generation N.
 * It stays as a tombstone when the generation has ended, because N must never be used twice.
 */
export interface GenerationFile {
  readonly v: 1;
  readonly key: string;
  readonly generation: number;
  /** 64 random bits, hexadecimal; part of every name made outside. */
  readonly nonce: string;
  readonly socket: string;
  /** 256 random bits, hexadecimal; whoever says hello must know it. */
  readonly token: string;
  /** The coordinator, told apart from a later process with the same pid by its start time. */
  readonly pid: number;
  readonly start: string;
  /** Where the pid has a meaning. */
  readonly boot: string;
  readonly pidNamespace: string;
  readonly machine: string;
  readonly root: string;
  readonly configFile: string;
  readonly configHash: string;
  /** Events and logs of this generation. */
  readonly logDir: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Longest time its teardown can take, in milliseconds. */
  readonly stopBudget: number;
  /** Set when it has ended in good order. */
  readonly stopped?: { readonly reason: string; readonly at: number };
}

/** What tells a generation from all others. */
export type GenerationIdentity = Pick<GenerationFile, 'key' | 'generation' | 'nonce'>;

/** Every name made outside of a generation carries key, number and nonce, so that nobody removes another's. */
export const nameOf = ({ key, generation, nonce }: GenerationIdentity): string =>
  `greenroom-${key}-${generation}-${nonce}`;

const FIELDS: Readonly<Record<keyof Omit<GenerationFile, 'stopped'>, 'number' | 'string'>> = {
  v: 'number',
  key: 'string',
  generation: 'number',
  nonce: 'string',
  socket: 'string',
  token: 'string',
  pid: 'number',
  start: 'string',
  boot: 'string',
  pidNamespace: 'string',
  machine: 'string',
  root: 'string',
  configFile: 'string',
  configHash: 'string',
  logDir: 'string',
  at: 'number',
  stopBudget: 'number',
};

/**
 * Checks a generation file's text; undefined when it is not one. By hand, because a worker reads it on its start path
 * and must not load a schema library for that.
 */
export function parseGenerationFile(text: string): GenerationFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Record<string, unknown>;
  const ok = Object.entries(FIELDS).every(([name, type]) => typeof record[name] === type) && record['v'] === 1;
  const stopped = record['stopped'];
  if (!ok || (stopped !== undefined && (typeof stopped !== 'object' || stopped === null))) return undefined;
  return value as GenerationFile;
}

export const generationFileName = (generation: number): string => `gen-${generation}.json`;
export const ledgerName = (generation: number): string => `ledger-${generation}.ndjson`;

/** N of a generation file's name. */
export function generationOf(name: string): number | undefined {
  const match = /^gen-(\d+)\.json$/.exec(name);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
