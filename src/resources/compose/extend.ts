/** `extends`: a service with what another one has, as the specification of compose files merges them. Pure. */
import { resolve } from 'node:path';
import type { ComposeService } from './schema.ts';
import { longVolume, pairsOf } from './service.ts';

/** Of what both have, its own counts; lists are joined, and maps by their keys. */
export function extended(base: ComposeService, own: ComposeService): ComposeService {
  return {
    ...base,
    ...own,
    ...joined('ports', base, own),
    ...joined('expose', base, own),
    ...joined('volumes', base, own),
    ...joined('secrets', base, own),
    ...joined('configs', base, own),
    ...(base.tmpfs && own.tmpfs && { tmpfs: [base.tmpfs, own.tmpfs].flat() }),
    ...(base.env_file && own.env_file && { env_file: [base.env_file, own.env_file].flat() }),
    ...(base.environment && own.environment && { environment: merged(base.environment, own.environment) }),
    ...(base.depends_on && own.depends_on && { depends_on: { ...relations(base), ...relations(own) } }),
    ...(base.healthcheck && own.healthcheck && { healthcheck: { ...base.healthcheck, ...own.healthcheck } }),
    ...(base.build && own.build && { build: { ...base.build, ...own.build } }),
  };
}

/** The same service where paths are relative to something else. @param directory that its own are relative to */
export function absolute(service: ComposeService, directory: string): ComposeService {
  const { build, env_file: envFile, volumes } = service;
  return {
    ...service,
    ...(build && { build: { ...build, context: resolve(directory, build.context) } }),
    ...(envFile && { env_file: [envFile].flat().map((path) => resolve(directory, path)) }),
    ...(volumes && {
      volumes: volumes.map(longVolume).map((volume) => {
        return volume.type === 'bind' ? { ...volume, source: resolve(directory, volume.source ?? '') } : volume;
      }),
    }),
  };
}

type List = 'ports' | 'expose' | 'volumes' | 'secrets' | 'configs';

function joined(key: List, base: ComposeService, own: ComposeService): Partial<ComposeService> {
  const lists = [base[key] ?? [], own[key] ?? []].flat();
  return lists.length === 0 ? {} : { [key]: lists };
}

type Pairs = NonNullable<ComposeService['environment']>;

const merged = (base: Pairs, own: Pairs): Pairs => Object.fromEntries([...pairsOf(base), ...pairsOf(own)]);

function relations({ depends_on: on = {} }: ComposeService): Exclude<typeof on, readonly string[]> {
  return Array.isArray(on) ? Object.fromEntries(on.map((name) => [name, {}])) : on;
}
