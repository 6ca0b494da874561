/** What `greenroom gather` has made, read as anybody would. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { extract } from 'tar';

export interface Bundle {
  readonly dir: string;
  /** Path in the bundle → text. */
  readonly files: Readonly<Record<string, string>>;
}

/** The bundles of a project, oldest first. */
export function bundlesIn(project: string): readonly Bundle[] {
  const all = join(project, '.greenroom', 'gather');
  let names: string[];
  try {
    names = readdirSync(all, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
  return names
    .map((name) => join(all, name))
    .toSorted((a, b) => statSync(a).birthtimeMs - statSync(b).birthtimeMs)
    .map((dir) => ({ dir, files: filesIn(dir) }));
}

/** The files of its archive, which are to be the same. */
export async function archived({ dir }: Bundle): Promise<Bundle['files']> {
  const out = await mkdtemp(join(tmpdir(), 'gr-archive-'));
  try {
    await extract({ file: `${dir}.tar.gz`, cwd: out });
    return filesIn(join(out, basename(dir)));
  } finally {
    await rm(out, { recursive: true });
  }
}

/** What of it others may see: nothing. */
export function open({ dir }: Bundle): readonly string[] {
  const entries = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name));
  return [dir, `${dir}.tar.gz`, ...entries].filter((path) => (statSync(path).mode & 0o077) !== 0);
}

function filesIn(dir: string): Bundle['files'] {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(dir, path), readFileSync(path, 'utf8')]),
  );
}
