import { execa } from 'execa';
import type { ImageEngine } from '../../containers/build/store.ts';
import { findOnPath } from '../../platform/find-on-path.ts';
import { GreenroomError } from '../../protocol/failure.ts';

/** Milliseconds that a question to the engine may take: it answers in a tenth of a second, and waits for its locks. */
const ANSWER_MS = 60_000;

type Environment = Readonly<Record<string, string>>;

/** The engine that is there. @throws GreenroomError BINARY_NOT_FOUND, where there is none */
export function requireEngine(subject: string, env: Environment): ImageEngine['kind'] {
  const found = (['podman', 'docker'] as const).find((name) => findOnPath(name, env['PATH'] ?? '') !== undefined);
  if (found !== undefined) return found;
  throw new GreenroomError({
    code: 'BINARY_NOT_FOUND',
    message: `${subject} needs a container engine, and neither podman nor docker is on the PATH`,
    subject,
    hint: 'install podman (apt install podman, brew install podman) or Docker',
  });
}

/** @param env of the plan */
export function engineFor(subject: string, env: Environment): ImageEngine {
  const kind = requireEngine(subject, env);
  return {
    kind,
    run: async (args) => {
      const asked = execa(kind, args, { env, extendEnv: false, reject: false, stdin: 'ignore', timeout: ANSWER_MS });
      const { exitCode, stdout, stderr, timedOut } = await asked;
      if (exitCode === 0) return stdout;
      const why = timedOut ? `no answer within ${ANSWER_MS} ms` : stderr.trim();
      throw new GreenroomError({
        code: 'RESOURCE_START_FAILED',
        message: `${kind} ${args[0] ?? ''} failed for ${subject}: ${why}`,
        subject,
      });
    },
  };
}
