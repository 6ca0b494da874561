import { execa } from 'execa';
import { engineEnv } from '../../test/support/engine.ts';

// For the coordinators that are started, too.
Object.assign(process.env, engineEnv());

/** Debian's static one: an image needs nothing else to have a program. */
export const BUSYBOX = '/bin/busybox';

/** podman by hand: what it printed. */
export async function podman(...args: readonly string[]): Promise<string> {
  return (await execa('podman', args, { stdin: 'ignore' })).stdout.trim();
}
