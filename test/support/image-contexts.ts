/** Build contexts of a few kilobytes, on a base that the engine builds once for a test file. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { podman } from './engine.ts';
import { BUSYBOX } from './images.ts';

/** Images of one test file: all of them have a name with `key`, and go with `remove`. */
export interface Images {
  readonly key: string;
  /** What `FROM` calls the base: it has a shell, and nothing else. */
  readonly base: string;
  /** A directory with these files, path → text. */
  context(files: Readonly<Record<string, string>>): string;
  /** What all of them are called. */
  names(): Promise<readonly string[]>;
  /** Containers of RUN steps that are still there. */
  leftContainers(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export async function imagesOf(): Promise<Images> {
  const key = `t${randomBytes(5).toString('hex')}`;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gr-images-')));
  const base = `localhost/gr-${key}:base`;
  const context = (files: Readonly<Record<string, string>>): string => {
    const directory = mkdtempSync(join(root, 'context-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return directory;
  };
  const file = 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/sh"]\n';
  const directory = context({ Containerfile: file });
  copyFileSync(BUSYBOX, join(directory, 'busybox'));
  await podman('build', '--quiet', '--pull=never', '--tag', base, directory);
  const names = async (): Promise<readonly string[]> =>
    (await podman('images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n').filter((name) => name.includes(key));
  return {
    key,
    base,
    context,
    names,
    leftContainers: async () =>
      (await podman('ps', '--all', '--external', '--format', '{{.Names}}'))
        .split('\n')
        .filter((name) => name.includes(key)),
    remove: async () => {
      // What stands on another one goes first.
      for (const name of (await names()).toSorted((a, b) => Number(a === base) - Number(b === base))) {
        await podman('rmi', '--force', name);
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}
