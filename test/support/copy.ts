/** A fixture project, copied to a directory of its own together with a runtime directory. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Event } from '../../src/coordinator/events.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Halves what it costs to start a process of ours from its TypeScript sources. */
export const NODE_COMPILE_CACHE = join(REPOSITORY, 'node_modules', '.cache', 'compiled');

export interface Copy {
  /** Holds all the others; to be removed at the end. */
  readonly base: string;
  readonly dir: string;
  readonly runtimeDir: string;
  /** The copy's `node_modules`. */
  readonly modules: string;
  /** What a process of the project is started with: nothing of the test's own process. */
  readonly env: Readonly<Record<'PATH' | 'HOME' | 'GREENROOM_RUNTIME_DIR' | 'NODE_COMPILE_CACHE', string>>;
}

/**
 * @param packages Linked from this repository's `node_modules` into the copy's.
 * @param files Written over the fixture's own: path in the project → text.
 */
export function copyOf(
  fixture: string,
  packages: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Copy {
  const base = realpathSync(mkdtempSync(join(tmpdir(), `gr-${fixture}-`)));
  const [dir, runtimeDir] = [join(base, 'project'), join(base, 'run')];
  const modules = join(dir, 'node_modules');
  cpSync(join(REPOSITORY, 'fixtures', fixture), dir, { recursive: true });
  mkdirSync(runtimeDir, { mode: 0o700 });
  mkdirSync(modules);
  linkPackages(modules, packages);
  for (const [path, text] of Object.entries(files)) write(dir, path, text);
  const { PATH = '', HOME = '' } = process.env;
  return { base, dir, runtimeDir, modules, env: { PATH, HOME, GREENROOM_RUNTIME_DIR: runtimeDir, NODE_COMPILE_CACHE } };
}

/** Writes a file of a copied project, and the directories that lead to it. */
export function write(dir: string, path: string, text: string): void {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  // In one step, as an editor does: who watches the file must not find it empty.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/** Links packages of a `node_modules`, by default this repository's, into another one. */
export function linkPackages(modules: string, names: readonly string[], from = REPOSITORY): void {
  for (const name of names) link(modules, name, join(from, 'node_modules', name));
}

function link(modules: string, name: string, target: string): void {
  const path = join(modules, name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** Makes this repository the copy's `greenroom`. */
export function linkLibrary(modules: string): void {
  symlinkSync(REPOSITORY, join(modules, 'greenroom'));
}

/** What a package has at run time: what is published, without types and maps. */
const AT_RUN_TIME = ['package.json', 'dist', 'workers/vitest-setup.mts'];

/**
 * Makes the last build the copy's `greenroom`, as pnpm would: a link to real files that have beside them what the copy
 * has, so that what it imports is what the project has, and not what this repository has.
 *
 * @param modules with all else linked already
 */
export function installLibrary(modules: string): void {
  symlinkSync(join(homeFor(modules), 'greenroom'), join(modules, 'greenroom'));
}

/**
 * A `node_modules` for the library and what stands beside it here. All copies with the same packages share one, because
 * what Node has compiled is kept by path.
 */
function homeFor(modules: string): string {
  const beside = Object.fromEntries(linked(modules).map((name) => [name, readlinkSync(join(modules, name))]));
  const builds = join(REPOSITORY, 'node_modules', '.cache', 'libraries');
  const homes = join(builds, buildHash());
  const home = join(homes, hash([JSON.stringify(beside)]), 'node_modules');
  if (existsSync(home)) return home;
  mkdirSync(homes, { recursive: true });
  // Of earlier builds; another process may be making one for this build.
  for (const name of readdirSync(builds)) {
    if (name !== buildHash()) rmSync(join(builds, name), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(homes, 'new-'));
  const inDraft = join(draft, 'node_modules');
  for (const path of AT_RUN_TIME) {
    cpSync(join(REPOSITORY, path), join(inDraft, 'greenroom', path), { recursive: true, filter: isAtRunTime });
  }
  for (const [name, target] of Object.entries(beside)) link(inDraft, name, target);
  linkPackages(
    inDraft,
    dependenciesOf(inDraft).filter((name) => !Object.hasOwn(beside, name)),
  );
  try {
    renameSync(draft, dirname(home));
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(home)) throw error; // else another process was first
  }
  return home;
}

/** Names of the packages that are linked in a `node_modules`. */
function linked(modules: string): readonly string[] {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inScope) => `${name}/${inScope}`) : [name],
  );
}

let ofBuild: string | undefined;
/** Of what the last build has at run time. */
function buildHash(): string {
  return (ofBuild ??= hashOfBuild());
}

function hashOfBuild(): string {
  const files = AT_RUN_TIME.flatMap((path) => {
    const whole = join(REPOSITORY, path);
    if (!statSync(whole).isDirectory()) return [whole];
    return readdirSync(whole, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() && isAtRunTime(entry.name) ? [join(entry.parentPath, entry.name)] : [],
    );
  });
  return hash(files.toSorted().flatMap((file) => [file, readFileSync(file)]));
}

function isAtRunTime(path: string): boolean {
  return !path.endsWith('.map') && !path.endsWith('.d.ts');
}

function hash(parts: readonly (string | Buffer)[]): string {
  const all = createHash('sha256');
  for (const part of parts) all.update(part);
  return all.digest('hex').slice(0, 12);
}

/** Links what the copy's `greenroom` depends on. */
export function linkDependencies(modules: string): void {
  linkPackages(modules, dependenciesOf(modules));
}

function dependenciesOf(modules: string): readonly string[] {
  const manifest = readFileSync(join(modules, 'greenroom', 'package.json'), 'utf8');
  return Object.keys((JSON.parse(manifest) as { dependencies: object }).dependencies);
}

/** The event log of each generation of a project. */
export function eventLogs(dir: string): readonly (readonly Event[])[] {
  const logs = join(dir, '.greenroom', 'generations');
  return directories(logs).map((name) =>
    readFileSync(join(logs, name, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event),
  );
}

function directories(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // nothing was ever started
  }
}
