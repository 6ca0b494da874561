/** The command line of a build. Pure. */
import { join } from 'node:path';
import { DIGEST_LABEL } from './names.ts';

/** What builds: podman, or docker with BuildKit, or docker with the builder that it had before. */
export type Builder = 'podman' | 'buildkit' | 'legacy';

/** What is built. */
export interface BuildRequest {
  /** Absolute paths. */
  readonly context: string;
  readonly file: string;
  readonly ignoreFile?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  /** What a FROM calls it → name of the image. */
  readonly bases: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  readonly digest: string;
  /** The name it gets. */
  readonly name: string;
}

/** Flags of one builder alone. The old one of docker leaves the containers of its steps behind unless it is told not to. */
const OWN: Readonly<Record<Builder, readonly string[]>> = {
  podman: ['--pull=never'],
  buildkit: ['--progress=plain'],
  legacy: ['--force-rm'],
};

/** What of it this builder cannot do, as the end of a sentence. */
export function refusal(
  builder: Builder,
  { context, file, ignoreFile, bases }: Pick<BuildRequest, 'context' | 'file' | 'ignoreFile' | 'bases'>,
): string | undefined {
  if (builder === 'podman') return undefined;
  const understood = [
    undefined,
    join(context, '.dockerignore'),
    ...(builder === 'buildkit' ? [`${file}.dockerignore`] : []),
  ];
  if (!understood.includes(ignoreFile)) return `has the ignore file ${ignoreFile}, which docker does not read here`;
  if (builder === 'buildkit' || Object.keys(bases).length === 0) return undefined;
  return 'stands on another image of the config, which docker can only do with BuildKit';
}

/** Program and arguments. Bases are all there by then: nothing is pulled. */
export function buildCommand(builder: Builder, request: BuildRequest): readonly string[] {
  const { context, file, ignoreFile, args, target, bases, noCache, digest, name } = request;
  const source = builder === 'podman' ? 'container-image' : 'docker-image';
  return [
    builder === 'podman' ? 'podman' : 'docker',
    'build',
    '--file',
    file,
    '--tag',
    name,
    '--label',
    `${DIGEST_LABEL}=${digest}`,
    ...OWN[builder],
    ...(builder === 'podman' && ignoreFile !== undefined ? ['--ignorefile', ignoreFile] : []),
    ...(target === undefined ? [] : ['--target', target]),
    ...(noCache ? ['--no-cache'] : []),
    ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...Object.entries(bases).flatMap(([alias, image]) => ['--build-context', `${alias}=${source}://${image}`]),
    context,
  ];
}

/**
 * podman that is asked to end in the middle of a RUN leaves the step's container behind, and killed, its processes as
 * well. When a step fails it leaves nothing. So on SIGTERM the step's processes are killed, and podman ends by itself.
 */
const SCRIPT = `
"$@" &
build=$!
fell() {
  kids=$(cat /proc/"$1"/task/*/children 2>/dev/null)
  [ -n "$kids" ] || [ "$1" = "$build" ] || kill -9 "$1" 2>/dev/null
  for kid in $kids; do fell "$kid"; done
}
stopping=
trap 'stopping=1' TERM
while :; do
  wait "$build"; code=$?
  kill -0 "$build" 2>/dev/null || exit "$code"
  [ -z "$stopping" ] || fell "$build"
  sleep 0.05
done
`;

/** The same build, so that SIGTERM ends it without a trace. docker ends a build whose client is gone by itself. */
export function endable(command: readonly string[]): readonly string[] {
  return command[0] === 'podman' ? ['sh', '-c', SCRIPT, 'greenroom-build', ...command] : command;
}
