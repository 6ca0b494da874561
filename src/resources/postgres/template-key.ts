import { hash } from 'node:crypto';
import type { Json } from '../../protocol/plan.ts';
import type { Settings } from './options.ts';

/** A file that a template is made from. */
export interface ContentFile {
  /** Relative to the directory of the config, with `/` between names. */
  readonly path: string;
  readonly contents: Buffer;
}

/** One step on the way to a template, as far as its result depends on it. */
export type Step =
  | { readonly kind: 'sql' }
  | { readonly kind: 'command'; readonly run: readonly string[]; readonly cwd: string; readonly version: string }
  /** What a function does depends on the config file and on all that it imports. */
  | { readonly kind: 'function'; readonly configHash: string };

/** All that a template depends on. */
export interface TemplateContents {
  readonly serverMajor: number;
  readonly encoding: string;
  readonly locale: string;
  readonly settings: Settings;
  readonly extensions: readonly string[];
  /** Migration, then seed. */
  readonly steps: readonly (Step & { readonly files: readonly ContentFile[] })[];
  readonly salt: string;
}

/** 32 hexadecimal digits: whatever has the same ones was made from the same contents. */
export function templateKey({ steps, extensions, settings, ...rest }: TemplateContents): string {
  const digests = steps.map(({ files, ...step }) => ({
    ...step,
    files: inOrder(files).map(({ path, contents }) => [path, hash('sha256', contents)]),
  }));
  const own = Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return digest({ ...rest, extensions: extensions.toSorted(), settings: own, steps: digests });
}

/**
 * The key of a data directory with that template in it. Another build of the server, or another user that it runs as,
 * has one of its own.
 * @param version of the programs, with who packed them
 */
export function dataKey(template: string, version: string, uid: number): string {
  return digest({ template, version, uid, platform: process.platform, arch: process.arch, layout: 3 });
}

/** By path, character by character: the order in which SQL files are run. */
export function inOrder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const digest = (value: Json): string => hash('sha256', JSON.stringify(value)).slice(0, 32);
