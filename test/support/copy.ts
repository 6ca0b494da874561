/** A fixture project, copied to a directory of its own together with a runtime directory. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Event } from '../../src/coordinator/events.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

export interface Copy {
  /** Holds all the others; to be removed at the end. */
  readonly base: string;
  readonly dir: string;
  readonly runtimeDir: string;
  /** The copy's `node_modules`. */
  readonly modules: string;
  /** What a process of the project is started with: nothing of the test's own process. */
  readonly env: Readonly<Record<'PATH' | 'HOME' | 'GREENROOM_RUNTIME_DIR', string>>;
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
  for (const name of packages) symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  const { PATH = '', HOME = '' } = process.env;
  return { base, dir, runtimeDir, modules, env: { PATH, HOME, GREENROOM_RUNTIME_DIR: runtimeDir } };
}

/** Makes this repository the copy's `greenroom`. */
export function linkLibrary(modules: string): void {
  symlinkSync(REPOSITORY, join(modules, 'greenroom'));
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
