import { execa } from 'execa';
import { entry } from '../platform/entry.ts';
import type { Planned } from './planned.ts';

/** Longer than importing the config may take by its own deadline. */
const ANEW_MS = 40_000;
const MAX_LOG_LINES = 20;

/**
 * Makes the plan of a config that this process has imported before. Node imports a file only once in a process, so it
 * is another one that reads what has changed.
 */
export async function planAnew(cwd: string): Promise<Planned> {
  const { ipcOutput, stderr, timedOut } = await execa(process.execPath, [entry('plan'), cwd], {
    cwd,
    ipc: true,
    stdin: 'ignore',
    // What the config prints is not ours to show a second time.
    stdout: 'ignore',
    timeout: ANEW_MS,
    reject: false,
  });
  const [planned] = ipcOutput as unknown as Planned[];
  if (planned !== undefined) return planned;
  const why = timedOut ? `did not end within ${ANEW_MS} ms` : 'ended without an answer';
  return {
    failure: {
      code: 'CONFIG_LOAD_FAILED',
      message: `the process that reads the changed config ${why}`,
      hint: 'a config must not end its process; run `greenroom status`, which reads it too',
      log: stderr.split('\n').slice(-MAX_LOG_LINES),
    },
    files: [],
  };
}
