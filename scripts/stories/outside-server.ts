import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { greenroom } from './greenroom.ts';
import { ended } from './processes.ts';
import type { Stage } from './stage.ts';

/**
 * A PostgreSQL that is there before the suite and after it: brought up from the config in the fixture's folder
 * `server`, in a runtime directory of its own, so that it is nothing of the suite's.
 *
 * @param act is given the url of its superuser
 */
export async function withOutsideServer<T>(stage: Stage, act: (url: string) => Promise<T>): Promise<T> {
  const GREENROOM_RUNTIME_DIR = join(dirname(stage.dir), 'run-of-server');
  await mkdir(GREENROOM_RUNTIME_DIR, { mode: 0o700 });
  const place = { dir: join(stage.dir, 'server'), env: { ...stage.env, GREENROOM_RUNTIME_DIR } };
  const command = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await ended(greenroom(place, words.join(' '), words));
    if (code !== 0) throw new Error(`greenroom ${words.join(' ')} ended with ${code}\n${stderr}`);
    return stdout;
  };
  await command('up');
  try {
    const env = JSON.parse(await command('env', '--json')) as Readonly<Record<string, string>>;
    return await act(env['GREENROOM_SERVER_URL'] ?? '');
  } finally {
    await command('down', '--force');
  }
}
