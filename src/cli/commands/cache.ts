/** `greenroom cache list|clean`: what is kept across runs: data directories of databases, and images. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CAC } from 'cac';
import { isLive } from '../../client/discover.ts';
import { newestGeneration } from '../../client/generations.ts';
import { FORGOTTEN_MS } from '../../coordinator/reaper.ts';
import { ownEnv } from '../../platform/own-env.ts';
import { runtimeDir } from '../../platform/paths.ts';
import { cannotWrite, describeError } from '../../protocol/failure.ts';
import { columns, count, duration } from '../../report/format.ts';
import type { Store } from '../../resources/cache/store.ts';
import { openImages, type KeptImage, type KeptImages } from '../../resources/image/kept.ts';
import { openStore } from '../../resources/postgres/kept-data.ts';
import { OK } from '../exit-codes.ts';
import { print, say } from '../print.ts';
import { type Flags, unknownWord, usage } from '../usage.ts';

const ACTIONS: Readonly<Record<string, (store: Store | undefined, json: boolean) => Promise<void>>> = { list, clean };

export function register(cli: CAC): void {
  cli
    .command('cache <action>', 'List (`list`) or remove (`clean`) the databases and images that are kept across runs')
    .option('--json', 'With `list`: as a JSON list')
    .action(cache);
}

async function cache(action: string, options: Flags): Promise<number> {
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) throw unknownWord('action', action, Object.keys(ACTIONS), 'it is `list` or `clean`');
  const json = options['json'] === true;
  if (json && action !== 'list') throw usage('--json is for `cache list`');
  await act(open(), json);
  return OK;
}

function open(): Store | undefined {
  try {
    return openStore(process.env);
  } catch (error) {
    throw cannotWrite('the cache', error, 'USAGE', 'set XDG_CACHE_HOME to a directory of your own');
  }
}

/** One thing that is kept. */
interface Kept {
  readonly kind: 'database' | 'image';
  /** Of its contents; of an image, that of the infrastructure that it was built for. */
  readonly key: string;
  readonly what: string;
  readonly bytes: number;
  /** Milliseconds since the epoch: when it was used last; an image, when it was built. */
  readonly usedAt: number;
}

async function list(store: Store | undefined, json: boolean): Promise<void> {
  const kept = [...databases(store), ...(await images())];
  if (json) print(JSON.stringify(kept, null, 2));
  else if (kept.length === 0) print('nothing is kept');
  else columns(kept.map(row)).forEach(print);
}

function databases(store: Store | undefined): readonly Kept[] {
  const entries = store?.list() ?? [];
  return entries.map(({ key, what, bytes, usedAt }) => ({ kind: 'database', key, what, bytes, usedAt }));
}

async function images(): Promise<readonly Kept[]> {
  const built = await imagesOf(openImages(ownEnv()));
  return built.map(({ name, key, bytes, madeAt }) => ({ kind: 'image', key, what: name, bytes, usedAt: madeAt }));
}

function row({ kind, key, what, bytes, usedAt }: Kept): readonly string[] {
  const age = `${kind === 'image' ? 'built' : 'used'} ${duration(Date.now() - usedAt)} ago`;
  return [kind, key, megabytes(bytes), age, what];
}

async function clean(store: Store | undefined): Promise<void> {
  const data = store?.clear() ?? [];
  const engine = openImages(ownEnv());
  const built = await imagesOf(engine);
  let untagged = 0;
  for (const image of built.filter(isUnused)) if ((await engine?.remove(image)) === true) untagged += 1;
  const left = built.length - untagged;
  const bytes = data.reduce((sum, entry) => sum + entry.bytes, 0);
  const removed = [
    ...(data.length === 0 ? [] : [`${count(data.length, 'database')}, ${megabytes(bytes)}`]),
    ...(untagged === 0 ? [] : [count(untagged, 'image')]),
  ];
  print(removed.length === 0 ? 'nothing is removed' : `removed ${removed.join(', and ')}`);
  if (left > 0) say(`${count(left, 'image')} not removed: in use, or built this week for runs that are not known here`);
}

/**
 * An infrastructure that is up may start another container of its image at any time. Those of other users, and of
 * another runtime directory, are not seen here.
 */
function isUnused({ key, madeAt }: KeptImage): boolean {
  const dir = join(runtimeDir(), key);
  if (!existsSync(dir)) return Date.now() - madeAt > FORGOTTEN_MS;
  const generation = newestGeneration(dir);
  return generation === undefined || !isLive(generation);
}

/** An engine that is installed and does not run is no reason to say nothing of databases. */
async function imagesOf(engine: KeptImages | undefined): Promise<readonly KeptImage[]> {
  try {
    return (await engine?.list()) ?? [];
  } catch (error) {
    say(`images are left out: ${describeError(error)}`);
    return [];
  }
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
