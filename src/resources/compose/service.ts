/** A service of a compose file as options of `container`. Pure. */
import { resolve } from 'node:path';
import type { Volume } from '../container/index.ts';
import type { ComposeService, ComposeVolume } from './schema.ts';
import { wordsOf } from './words.ts';

/** What a server and a job have, but image and needs, which are other resources. */
export interface JobParts {
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly volumes?: Readonly<Record<string, Volume>>;
  readonly user?: string;
  readonly memory?: string;
  readonly cpus?: number;
  readonly stopSignal?: NodeJS.Signals;
  readonly stopTimeout?: number;
}

export interface ServiceParts extends JobParts {
  readonly port: number;
  readonly ports?: Readonly<Record<string, number>>;
  readonly healthCheck?: readonly string[];
}

export interface Surroundings {
  /** Of the compose file; paths in it are relative to it. */
  readonly directory: string;
  /** Files of the host that it is given: path inside → where they are. */
  readonly granted: Readonly<Record<string, Volume>>;
  /** What is said of the port elsewhere. */
  readonly port: number | undefined;
  /** Of `env_file`. */
  readonly fileEnv: Readonly<Record<string, string>>;
  /** For variables without a value. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Of one that others wait for to end. @throws Error that says what is wrong with it */
export function jobPartsOf(
  service: ComposeService,
  { directory, granted, fileEnv, variables }: Surroundings,
): JobParts {
  const volumes = { ...granted, ...mountsOf(service.volumes ?? [], directory), ...tmpfsOf(service.tmpfs) };
  const limits = service.deploy?.resources?.limits;
  const memory = service.mem_limit ?? limits?.memory;
  const cpus = service.cpus ?? (limits?.cpus === undefined ? undefined : Number(limits.cpus));
  return {
    env: { ...fileEnv, ...mapOf(service.environment, variables) },
    ...defined({
      command: commandOf(service.command),
      entrypoint: commandOf(service.entrypoint),
      volumes: Object.keys(volumes).length === 0 ? undefined : volumes,
      user: service.user,
      memory: memory?.replace(/b$/i, ''),
      cpus,
      stopSignal: service.stop_signal as NodeJS.Signals | undefined,
      stopTimeout: service.stop_grace_period === undefined ? undefined : milliseconds(service.stop_grace_period),
    }),
  };
}

/** Of a server. @throws Error that says what is wrong with it */
export function partsOf(service: ComposeService, surroundings: Surroundings): ServiceParts {
  const { port } = surroundings;
  const ports = [...new Set([...(port === undefined ? [] : [port]), ...portsOf(service)])];
  const [first, ...others] = ports;
  if (first === undefined) {
    throw new Error(
      'has neither `ports` nor `expose`: say where it listens, `compose(file, { ports: { NAME: PORT } })`',
    );
  }
  return {
    ...jobPartsOf(service, surroundings),
    port: first,
    ...defined({
      ports: others.length === 0 ? undefined : Object.fromEntries(others.map((other) => [String(other), other])),
      healthCheck: healthCheckOf(service),
    }),
  };
}

/** What has no value is taken from where the file is read. */
export function mapOf(
  map: ComposeService['environment'] = {},
  variables: Surroundings['variables'] = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => {
      const known = value ?? variables[name];
      return known === undefined ? [] : [[name, known]];
    }),
  );
}

/** The ports inside, whatever of the host they are published on. */
function portsOf({ ports = [], expose = [] }: ComposeService): readonly number[] {
  return [...ports.map((one) => (typeof one === 'string' ? one : one.target)), ...expose].map((text) => {
    const [, inside] = /^(?:.*:)?(\d+)(?:\/tcp)?$/.exec(text) ?? [];
    if (inside === undefined) throw new Error(`has the port ${text}; what is understood is one TCP port each`);
    return Number(inside);
  });
}

function commandOf(command: ComposeService['command']): readonly string[] | undefined {
  if (command === undefined || command === null) return undefined;
  return typeof command === 'string' ? wordsOf(command) : command;
}

function healthCheckOf({ healthcheck }: ComposeService): readonly string[] | undefined {
  const { test, disable } = healthcheck ?? {};
  if (test === undefined || disable === true) return undefined;
  if (typeof test === 'string') return ['/bin/sh', '-c', test];
  const [how, ...rest] = test;
  if (how === 'NONE') return undefined;
  if (how === 'CMD') return rest;
  if (how === 'CMD-SHELL') return ['/bin/sh', '-c', ...rest];
  throw new Error('has a `healthcheck.test` that begins with neither CMD, CMD-SHELL nor NONE');
}

/** A volume with a name is left out: what a service writes is new with each generation, and goes with its container. */
function mountsOf(volumes: readonly ComposeVolume[], directory: string): Record<string, Volume> {
  return Object.fromEntries(
    volumes.flatMap(({ type, source, target, read_only: readOnly = false }): [string, Volume][] => {
      if (type === 'volume') return [];
      if (type === 'tmpfs') return [[target, { tmpfs: TMPFS }]];
      return [[target, { bind: resolve(directory, source ?? ''), ...(readOnly ? { readOnly } : {}) }]];
    }),
  );
}

/** The most that is in memory, where the file sets no limit. */
const TMPFS = '1g';

function tmpfsOf(paths: ComposeService['tmpfs'] = []): Record<string, Volume> {
  return Object.fromEntries(paths.map((path) => [path.split(':')[0] ?? path, { tmpfs: TMPFS }]));
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `1m30s` */
function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0) throw new Error(`has the duration ${duration}; what is understood is such as 1m30s`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

function defined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
