/** `compose`: services of a compose file as containers of the config. */
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { hostName, hostNames } from '../../containers/labels.ts';
import { isFile } from '../../platform/is-file.ts';
import { describeError } from '../../protocol/failure.ts';
import { container, type ContainerEndpoint } from '../container/index.ts';
import type { Resource } from '../define.ts';
import { image } from '../image/index.ts';
import { grantsOf } from './granted.ts';
import { invalid, Reader } from './reader.ts';
import type { ComposeService } from './schema.ts';
import { jobPartsOf, mapOf, partsOf } from './service.ts';

export interface ComposeOptions<S extends string> {
  /** Those that are wanted, with what they depend on. Default: all that have no profile. */
  readonly services?: readonly S[];
  /** Where a service listens, for those that list no port. */
  readonly ports?: Readonly<Record<string, number>>;
}

/**
 * Resources by the names of their services; what they depend on is among them. One that others wait for to end has no
 * address: its endpoint is empty.
 */
export type Stack<S extends string> = { readonly [N in S]: Resource<ContainerEndpoint> };

/**
 * Reads a compose file. All of what it returns belongs into `resources`: `resources: { ...stack, api }`.
 *
 * @param file `new URL('compose.yaml', import.meta.url)`, or an absolute path
 * @throws GreenroomError CONFIG_INVALID with the service and what of it is not understood
 */
export function compose<const S extends string>(file: URL | string, options: ComposeOptions<S> = {}): Stack<S> {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  if (!isAbsolute(path)) {
    throw invalid(path, 'is relative to what?', "give it as `new URL('compose.yaml', import.meta.url)`");
  }
  return new Maker(new Reader(path), options.ports ?? {}).stackOf(options.services);
}

class Maker {
  private readonly file: Reader;
  private readonly ports: Readonly<Record<string, number>>;
  /** Those that others wait for to end. */
  private readonly jobs: ReadonlySet<string>;
  /** Those that are wanted where nothing is said. */
  private readonly usual: readonly string[];
  /** By name; images have their service's name with `-image`. */
  private readonly made = new Map<string, Resource>();
  /** Those whose dependencies are being looked at. */
  private readonly under: string[] = [];

  constructor(file: Reader, ports: Readonly<Record<string, number>>) {
    this.file = file;
    this.ports = ports;
    const all = file.relations();
    this.usual = all.flatMap(({ name, profiles = [] }) => (profiles.length === 0 ? [name] : []));
    this.jobs = new Set(all.flatMap(({ depends_on: on = {} }) => endsOf(on)));
  }

  stackOf<S extends string>(names: readonly S[] = this.usual as readonly S[]): Stack<S> {
    for (const name of names) this.resource(name);
    return Object.fromEntries(this.made) as Stack<S>;
  }

  private resource(name: string): Resource<ContainerEndpoint> {
    const made = this.made.get(name);
    if (made !== undefined) return made as Resource<ContainerEndpoint>;
    if (this.under.includes(name)) throw this.file.wrong(name, 'depends on itself');
    this.checkName(name);
    this.under.push(name);
    const resource = this.make(name, this.file.service(name));
    this.under.pop();
    this.made.set(name, resource);
    return resource;
  }

  private checkName(name: string): void {
    if (!hostNames(name).includes(name))
      throw this.file.wrong(name, 'has a name that is none of a host: small letters, digits, `-` and `_`');
    const same = [...this.made.keys()].find((other) => hostName(other) === hostName(name));
    if (same !== undefined)
      throw this.file.wrong(name, `would be found under the same name as ${same}: ${hostName(name)}`);
  }

  private make(name: string, service: ComposeService): Resource<ContainerEndpoint> {
    const { directory, variables } = this.file;
    const { depends_on: dependsOn = {}, env_file: envFiles = [] } = service;
    const needs = Object.fromEntries(Object.keys(dependsOn).map((other) => [other, this.resource(other)]));
    try {
      const files = envFiles.map((path) => parseEnv(readFileSync(resolve(directory, path), 'utf8')));
      const surroundings = {
        directory,
        granted: this.granted(service),
        port: this.ports[name],
        fileEnv: Object.fromEntries(files.flatMap((values) => Object.entries(values as Record<string, string>))),
        variables,
      };
      const common = { image: this.imageOf(name, service), needs };
      if (!this.jobs.has(name)) return container({ ...partsOf(service, surroundings), ...common });
      const job = container({ kind: 'job', ...jobPartsOf(service, surroundings), ...common });
      return job as Resource as Resource<ContainerEndpoint>;
    } catch (error) {
      throw this.file.wrong(name, describeError(error));
    }
  }

  /** Of a file that is not there, an engine makes a directory. */
  private granted(service: ComposeService): ReturnType<typeof grantsOf> {
    const granted = grantsOf(service, this.file);
    for (const { bind } of Object.values(granted)) {
      if (!isFile(bind)) throw new Error(`has ${bind} among its secrets and configs, which is no file`);
    }
    return granted;
  }

  private imageOf(name: string, service: ComposeService): string | ReturnType<typeof image> {
    const { build } = service;
    if (build === undefined) {
      if (service.image === undefined) throw new Error('has neither `image` nor `build`');
      return service.image;
    }
    const { context, dockerfile, args, target } = {
      dockerfile: undefined,
      args: undefined,
      target: undefined,
      ...build,
    };
    const built = image({
      context: resolve(this.file.directory, context),
      ...(dockerfile === undefined ? {} : { file: dockerfile }),
      ...(args === undefined ? {} : { args: mapOf(args, this.file.variables) }),
      ...(target === undefined ? {} : { target }),
    });
    this.made.set(`${name}-image`, built);
    return built;
  }
}

/** The services that one waits for to end. */
function endsOf(on: Readonly<Record<string, { readonly condition?: string | undefined }>>): readonly string[] {
  return Object.entries(on).flatMap(([name, { condition }]) =>
    condition === 'service_completed_successfully' ? [name] : [],
  );
}
