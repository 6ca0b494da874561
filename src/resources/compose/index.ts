/** `compose`: services of a compose file as containers of the config. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { hostNames } from '../../containers/labels.ts';
import { describeError, GreenroomError } from '../../protocol/failure.ts';
import { container, type ContainerEndpoint } from '../container/index.ts';
import type { Resource } from '../define.ts';
import { image } from '../image/index.ts';
import { absolute, extended } from './extend.ts';
import { grantsOf } from './granted.ts';
import { interpolate } from './interpolate.ts';
import { composeSchema, relationsSchema, serviceSchema, type ComposeFile, type ComposeService } from './schema.ts';
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
  return new Reader(path, options.ports ?? {}).stackOf(options.services);
}

class Reader {
  private readonly file: string;
  readonly directory: string;
  private readonly ports: Readonly<Record<string, number>>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly content: ComposeFile;
  /** Those that others wait for to end. */
  private readonly jobs: ReadonlySet<string>;
  /** Those that are wanted where nothing is said. */
  private readonly usual: readonly string[];
  /** By name; images have their service's name with `-image`. */
  private readonly made = new Map<string, Resource>();
  /** Those whose dependencies are being looked at. */
  private readonly under: string[] = [];

  constructor(file: string, ports: Readonly<Record<string, number>>) {
    this.file = file;
    this.directory = dirname(file);
    this.ports = ports;
    this.variables = { ...readEnvFile(join(this.directory, '.env')), ...process.env };
    this.content = this.read();
    const all = Object.entries(this.content.services).map(([name, one]) => ({ name, ...this.relations(name, one) }));
    this.usual = all.flatMap(({ name, profiles = [] }) => (profiles.length === 0 ? [name] : []));
    this.jobs = new Set(all.flatMap(({ depends_on: on = {} }) => (Array.isArray(on) ? [] : endsOf(on))));
  }

  stackOf<S extends string>(names: readonly S[] = this.usual as readonly S[]): Stack<S> {
    for (const name of names) this.resource(name);
    return Object.fromEntries(this.made) as Stack<S>;
  }

  private read(): ComposeFile {
    try {
      const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
      return composeSchema.parse(parse(readFileSync(this.file, 'utf8'), { merge: true }));
    } catch (error) {
      throw invalid(this.file, error instanceof z.ZodError ? z.prettifyError(error) : describeError(error));
    }
  }

  private resource(name: string): Resource<ContainerEndpoint> {
    const made = this.made.get(name);
    if (made !== undefined) return made as Resource<ContainerEndpoint>;
    if (this.under.includes(name)) throw this.of(name, 'depends on itself');
    if (!hostNames(name).includes(name))
      throw this.of(name, 'has a name that is none of a host: small letters, digits, `-` and `_`');
    this.under.push(name);
    const resource = this.make(name, this.service(name));
    this.under.pop();
    this.made.set(name, resource);
    return resource;
  }

  private make(name: string, service: ComposeService): Resource<ContainerEndpoint> {
    const { depends_on: dependsOn = [], env_file: envFile = [] } = service;
    const names = Array.isArray(dependsOn) ? dependsOn : Object.keys(dependsOn);
    const needs = Object.fromEntries(names.map((other) => [other, this.resource(other)]));
    try {
      const files = [envFile].flat().map((path) => parseEnv(readFileSync(resolve(this.directory, path), 'utf8')));
      const surroundings = {
        directory: this.directory,
        granted: grantsOf(service, this),
        port: this.ports[name],
        fileEnv: Object.fromEntries(files.flatMap((values) => Object.entries(values as Record<string, string>))),
        variables: this.variables,
      };
      const common = { image: this.imageOf(name, service), needs };
      if (!this.jobs.has(name)) return container({ ...partsOf(service, surroundings), ...common });
      const job = container({ kind: 'job', ...jobPartsOf(service, surroundings), ...common });
      return job as Resource as Resource<ContainerEndpoint>;
    } catch (error) {
      throw this.of(name, describeError(error));
    }
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
      context: resolve(this.directory, context),
      ...(dockerfile === undefined ? {} : { file: dockerfile }),
      ...(args === undefined ? {} : { args: mapOf(args, this.variables) }),
      ...(target === undefined ? {} : { target }),
    });
    this.made.set(`${name}-image`, built);
    return built;
  }

  /** Of one that cannot be understood, as far as that goes: nobody may want it. */
  private relations(name: string, one: object): z.infer<typeof relationsSchema> {
    try {
      return relationsSchema.parse(this.service(name));
    } catch {
      return relationsSchema.parse(one);
    }
  }

  /** With what it extends. @param from those that extend it */
  private service(name: string, from: readonly string[] = []): ComposeService {
    const { extends: base, ...own } = this.ownOf(name);
    if (base === undefined) return own;
    const id = `${name} of ${this.file}`;
    if (from.includes(id)) throw this.of(name, 'extends itself');
    const other = base.file === undefined ? this : new Reader(resolve(this.directory, base.file), {});
    return extended(absolute(other.service(base.service, [...from, id]), other.directory), own);
  }

  private ownOf(name: string): ComposeService {
    const { services } = this.content;
    const found = services[name];
    if (found === undefined) {
      throw this.of(name, `is not there; there are ${Object.keys(services).join(', ')}`);
    }
    try {
      const own = Object.entries(found as object).filter(([key]) => !key.startsWith('x-'));
      return serviceSchema.parse(interpolate(Object.fromEntries(own), this.variables));
    } catch (error) {
      throw this.of(name, error instanceof z.ZodError ? z.prettifyError(error) : describeError(error));
    }
  }

  private of(name: string, text: string): GreenroomError {
    return invalid(
      this.file,
      `service ${name}: ${text}`,
      'write that service as a `container` of the config, or leave it out',
    );
  }
}

/** The services that one waits for to end. */
function endsOf(on: Readonly<Record<string, { readonly condition?: string | undefined }>>): readonly string[] {
  return Object.entries(on).flatMap(([name, { condition }]) =>
    condition === 'service_completed_successfully' ? [name] : [],
  );
}

function readEnvFile(path: string): Readonly<Record<string, string>> {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

function invalid(file: string, text: string, hint = 'correct the compose file'): GreenroomError {
  return new GreenroomError({ code: 'CONFIG_INVALID', message: `${file}: ${text}`, hint });
}
