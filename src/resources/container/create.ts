/** The words of `create`. Pure. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { hostNames, labelWords } from '../../containers/labels.ts';
import type { GenerationIdentity } from '../../protocol/generation-file.ts';
import type { Volume } from './index.ts';
import type { ContainerJobPlan } from './options.ts';

/** Where a container finds its rendered files. */
export const FILES_INSIDE = '/run/greenroom/files';

export interface Creation {
  readonly options: ContainerJobPlan;
  /** Ports in the container that are published. */
  readonly ports: readonly number[];
  readonly owner: GenerationIdentity;
  /** Of the resource; with a slot in it where each worker has one. */
  readonly name: string;
  /** Directory of the config file. */
  readonly root: string;
  /** Id of the image. */
  readonly image: string;
  readonly network: string;
  /** Port in the container → the one on 127.0.0.1 that it had before. */
  readonly before: ReadonlyMap<number, number>;
  readonly env: Readonly<Record<string, string>>;
  /** Directory of its rendered files, on this machine. */
  readonly files: string | undefined;
  /** Names of servers of the host → the host's address on the network. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** What the engine's own command line reads: a container's variable of that name must not reach it. */
const OF_THE_CLIENT = /^(?:PATH|HOME|TMPDIR|LD_.*|XDG_.*|CONTAINERS?_.*|DOCKER_.*|REGISTRY_.*|GREENROOM_.*|.*_proxy)$/i;

export function createWords(creation: Creation): readonly string[] {
  const { options, ports, owner, name, root, image, network, before, env, files, hosts } = creation;
  const { command = [], entrypoint, volumes = {}, user, memory, cpus } = options;
  return [
    // What is there, or nothing: what is meant was found before, and what it is called may mean another one by now.
    '--pull=never',
    ...labelWords(owner, name),
    '--network',
    network,
    ...hostNames(name).flatMap((host) => ['--network-alias', host]),
    ...ports.flatMap((inside) => ['--publish', `127.0.0.1:${before.get(inside) ?? ''}:${inside}`]),
    ...Object.entries(hosts).flatMap(([host, address]) => ['--add-host', `${host}:${address}`]),
    ...Object.entries(env).flatMap(([key, value]) => ['--env', OF_THE_CLIENT.test(key) ? `${key}=${value}` : key]),
    ...Object.entries(volumes).flatMap(([path, volume]) => volumeWords(root, path, volume)),
    ...(files === undefined ? [] : ['--volume', `${files}:${FILES_INSIDE}:ro,z`]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(memory === undefined ? [] : ['--memory', memory]),
    ...(cpus === undefined ? [] : ['--cpus', String(cpus)]),
    ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint[0] ?? '']),
    image,
    ...(entrypoint?.slice(1) ?? []),
    ...command,
  ];
}

/** Values are told by the environment of the command, so that no list of processes shows them. */
export function clientEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !OF_THE_CLIENT.test(key)));
}

function volumeWords(root: string, path: string, volume: Volume): readonly string[] {
  if ('tmpfs' in volume) return ['--tmpfs', `${path}:size=${volume.tmpfs},mode=1777`];
  if ('cache' in volume) return ['--volume', `${cacheVolume(root, volume.cache)}:${path}:z`];
  const flags = [volume.readOnly === true ? 'ro' : 'rw', ...(volume.relabel === true ? ['z'] : [])].join(',');
  return ['--volume', `${resolve(root, volume.bind)}:${path}:${flags}`];
}

/** Of a project, and not of a run: it stays. */
export function cacheVolume(root: string, name: string): string {
  return `greenroom-cache-${createHash('sha256').update(root).digest('hex').slice(0, 8)}-${name}`;
}
