/** `extends`: a service with what another one has, as the specification of compose files merges them. Pure. */
import { resolve } from 'node:path';
import type { ComposeService } from './schema.ts';

const LISTS = ['ports', 'expose', 'volumes', 'tmpfs', 'env_file', 'secrets', 'configs'] as const;
const MAPS = ['environment', 'depends_on', 'healthcheck', 'build'] as const;

/** Of what both have, its own counts; lists are joined, and maps by their keys. */
export function extended(base: ComposeService, own: ComposeService): ComposeService {
  const lists = LISTS.flatMap((key) => (base[key] && own[key] ? [[key, [...base[key], ...own[key]]]] : []));
  const maps = MAPS.flatMap((key) => (base[key] && own[key] ? [[key, { ...base[key], ...own[key] }]] : []));
  return { ...base, ...own, ...(Object.fromEntries([...lists, ...maps]) as Partial<ComposeService>) };
}

/** The same service where paths are relative to something else. @param directory that its own are relative to */
export function absolute(service: ComposeService, directory: string): ComposeService {
  const { build, env_file: envFiles, volumes } = service;
  return {
    ...service,
    ...(build && { build: { ...build, context: resolve(directory, build.context) } }),
    ...(envFiles && { env_file: envFiles.map((path) => resolve(directory, path)) }),
    ...(volumes && {
      volumes: volumes.map((volume) =>
        volume.type === 'bind' ? { ...volume, source: resolve(directory, volume.source ?? '') } : volume,
      ),
    }),
  };
}
