/** A compose file, and those that its services extend: what stands in them of a service. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { describeError, GreenroomError } from '../../protocol/failure.ts';
import { absolute, extended } from './extend.ts';
import { interpolate } from './interpolate.ts';
import { composeSchema, relationsSchema, serviceSchema, type ComposeFile, type ComposeService } from './schema.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What others know of a service, whether anybody wants it or not. */
interface Relations extends z.infer<typeof relationsSchema> {
  readonly name: string;
}

export class Reader {
  private readonly file: string;
  private readonly others: Map<string, Reader>;
  readonly directory: string;
  /** Of the environment, and of `.env` beside the first file, as with `docker compose`. */
  readonly variables: Variables;
  readonly content: ComposeFile;

  /** @throws GreenroomError CONFIG_INVALID */
  constructor(file: string, variables?: Variables, others = new Map<string, Reader>()) {
    this.file = file;
    this.directory = dirname(file);
    this.variables = variables ?? { ...readEnvFile(join(this.directory, '.env')), ...process.env };
    this.content = read(file);
    this.others = others.set(file, this);
  }

  /** With what it extends. @throws GreenroomError CONFIG_INVALID */
  service(name: string, extending: readonly string[] = []): ComposeService {
    const { extends: base, ...own } = this.ownOf(name);
    if (base === undefined) return own;
    const id = `${name} of ${this.file}`;
    if (extending.includes(id)) throw this.wrong(name, 'extends itself');
    const other = base.file === undefined ? this : this.at(resolve(this.directory, base.file));
    return extended(absolute(other.service(base.service, [...extending, id]), other.directory), own);
  }

  /** Of all services; of one that cannot be understood, as far as that goes: nobody may want it. */
  relations(): readonly Relations[] {
    return Object.entries(this.content.services).map(([name, one]) => {
      try {
        return { name, ...relationsSchema.parse(this.service(name)) };
      } catch {
        return { name, ...relationsSchema.parse(one) };
      }
    });
  }

  /** What is wrong with a service. */
  wrong(name: string, text: string): GreenroomError {
    return invalid(
      this.file,
      `service ${name}: ${text}`,
      'write that service as a `container` of the config, or leave it out',
    );
  }

  private at(file: string): Reader {
    return this.others.get(file) ?? new Reader(file, this.variables, this.others);
  }

  private ownOf(name: string): ComposeService {
    const { services } = this.content;
    const found = services[name];
    if (found === undefined) throw this.wrong(name, `is not there; there are ${Object.keys(services).join(', ')}`);
    try {
      const own = Object.entries(found).filter(([key]) => !key.startsWith('x-'));
      return serviceSchema.parse(interpolate(Object.fromEntries(own), this.variables));
    } catch (error) {
      throw this.wrong(name, textOf(error));
    }
  }
}

function read(file: string): ComposeFile {
  try {
    const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
    return composeSchema.parse(parse(readFileSync(file, 'utf8'), { merge: true }));
  } catch (error) {
    throw invalid(file, textOf(error));
  }
}

const textOf = (error: unknown): string =>
  error instanceof z.ZodError ? z.prettifyError(error) : describeError(error);

function readEnvFile(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

export function invalid(file: string, text: string, hint = 'correct the compose file'): GreenroomError {
  return new GreenroomError({ code: 'CONFIG_INVALID', message: `${file}: ${text}`, hint });
}
