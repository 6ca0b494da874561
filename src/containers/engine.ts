/** podman or docker, by their command lines. */
import { findOnPath } from '../platform/find-on-path.ts';
import { GreenroomError } from '../protocol/failure.ts';

/** In the order in which they are looked for. */
export const ENGINES = ['podman', 'docker'] as const;
export type EngineKind = (typeof ENGINES)[number];

/** Milliseconds that a command may take which builds, pulls and waits for nothing: mostly a tenth of a second. */
const COMMAND_MS = 60_000;
/** So many of the last lines of what it complained about stand in an error. */
const LINES = 4;

export interface Engine {
  readonly kind: EngineKind;
  /**
   * Runs its command line to the end and returns what it printed.
   *
   * @throws GreenroomError ENGINE_FAILED when it ended with another code than 0, or not in time
   */
  run(args: readonly string[], signal?: AbortSignal): Promise<string>;
}

/**
 * The engine that is installed; podman before docker.
 *
 * @param env what its commands run with, PATH among it
 * @throws GreenroomError BINARY_NOT_FOUND
 */
export function findEngine(subject: string, env: Readonly<Record<string, string>>): Engine {
  const engine = installedEngine(env);
  if (engine !== undefined) return engine;
  throw new GreenroomError({
    code: 'BINARY_NOT_FOUND',
    message: `${subject} needs a container engine, and neither podman nor docker is on the PATH`,
    subject,
    hint: 'install podman (apt install podman, brew install podman) or Docker',
  });
}

/** The same, for whom it is no error that there is none. */
export function installedEngine(env: Readonly<Record<string, string>>): Engine | undefined {
  const kind = ENGINES.find((name) => findOnPath(name, env['PATH'] ?? '') !== undefined);
  return kind === undefined ? undefined : engineOf(kind, env);
}

export function engineOf(kind: EngineKind, env: Readonly<Record<string, string>>): Engine {
  return {
    kind,
    async run(args, signal) {
      // A coordinator without containers starts faster without it.
      const { execa } = await import('execa');
      const { exitCode, stdout, stderr, timedOut, isCanceled, shortMessage } = await execa(kind, args, {
        env: { ...env },
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        timeout: COMMAND_MS,
        ...(signal === undefined ? {} : { cancelSignal: signal }),
      });
      if (isCanceled) signal?.throwIfAborted();
      if (exitCode === 0) return stdout;
      const said = stderr.trim().split('\n').slice(-LINES).join('\n') || shortMessage;
      throw new GreenroomError({
        code: 'ENGINE_FAILED',
        message: `${kind} ${args.slice(0, 2).join(' ')}: ${timedOut ? `not done after ${COMMAND_MS} ms` : said}`,
        hint: `see whether \`${kind} ps\` works for this user; for docker, whether its daemon runs`,
      });
    },
  };
}

/**
 * Words that end a container at once, and remove it with its anonymous volumes. podman asks it to end even when it is
 * removed by force, and waits ten seconds.
 */
export const removeWords = (engine: EngineKind): readonly string[] => [
  'rm',
  '--force',
  '--volumes',
  ...(engine === 'podman' ? ['--time', '0'] : []),
];
