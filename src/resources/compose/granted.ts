/** Secrets and configs of a service: files of the host at a place in the container. Pure. */
import { isAbsolute, join, resolve } from 'node:path';
import { interpolate } from './interpolate.ts';
import type { ComposeFile, ComposeGrant, ComposeService } from './schema.ts';

/** Directory inside, where a service names none. */
const PLACES = { secrets: '/run/secrets', configs: '/' } as const;

/** A volume. */
interface Granted {
  readonly bind: string;
  readonly readOnly: true;
}

type Sources = Pick<ComposeFile, keyof typeof PLACES>;

/** What the compose file says besides. */
interface Around {
  readonly content: Sources;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Path inside → the file. @throws Error for one that is not a file */
export function grantsOf(service: ComposeService, around: Around): Readonly<Record<string, Granted>> {
  const mounts = (['secrets', 'configs'] as const).flatMap((kind) =>
    (service[kind] ?? []).map((grant): [string, Granted] => [
      targetOf(kind, grant),
      { bind: fileOf(kind, grant, around), readOnly: true },
    ]),
  );
  return Object.fromEntries(mounts);
}

function fileOf(
  kind: keyof Sources,
  { source }: ComposeGrant,
  { content: { [kind]: known }, directory, variables }: Around,
): string {
  const { file } = known[source] ?? {};
  const path = typeof file === 'string' ? interpolate(file, variables) : undefined;
  if (path === '') throw new Error(`has ${source} among its \`${kind}\`, whose \`file\` is empty: ${String(file)}`);
  if (path !== undefined) return resolve(directory, path);
  const is = source in known ? 'has no `file`, and nothing else is understood' : 'is not there';
  throw new Error(`has ${source} among its \`${kind}\`, which ${is}`);
}

const targetOf = (kind: keyof Sources, { source, target = source }: ComposeGrant): string =>
  isAbsolute(target) ? target : join(PLACES[kind], target);
