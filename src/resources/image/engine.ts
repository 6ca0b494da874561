import { execa } from 'execa';
import type { ImageEngine } from '../../containers/build/store.ts';
import { GreenroomError } from '../../protocol/failure.ts';

export async function engineOf(_ctx: unknown): Promise<ImageEngine> {
  const env = { CONTAINERS_CONF: process.env['CONTAINERS_CONF'] ?? '' };
  return {
    kind: 'podman',
    env,
    run: async (args) => {
      const { exitCode, stdout, stderr } = await execa('podman', args, { env, reject: false, stdin: 'ignore' });
      if (exitCode === 0) return stdout;
      throw new GreenroomError({ code: 'RESOURCE_START_FAILED', message: `podman ${args.join(' ')}: ${stderr}` });
    },
  };
}
