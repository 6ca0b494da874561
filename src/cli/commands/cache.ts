/** `greenroom cache list|clean`: the data directories that are kept across runs. */
import type { CAC } from 'cac';
import { cannotWrite } from '../../protocol/failure.ts';
import { columns, count, duration } from '../../report/format.ts';
import type { Entry, Store } from '../../resources/cache/store.ts';
import { openStore } from '../../resources/postgres/kept-data.ts';
import { OK } from '../exit-codes.ts';
import { print } from '../print.ts';
import { type Flags, unknownWord, usage } from '../usage.ts';

const ACTIONS: Readonly<Record<string, (store: Store | undefined, json: boolean) => void>> = { list, clean };

export function register(cli: CAC): void {
  cli
    .command('cache <action>', 'List (`list`) or remove (`clean`) the databases that are kept across runs')
    .option('--json', 'With `list`: as a JSON list')
    .action(cache);
}

function cache(action: string, options: Flags): number {
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) throw unknownWord('action', action, Object.keys(ACTIONS), 'it is `list` or `clean`');
  const json = options['json'] === true;
  if (json && action !== 'list') throw usage('--json is for `cache list`');
  act(open(), json);
  return OK;
}

function open(): Store | undefined {
  try {
    return openStore(process.env);
  } catch (error) {
    throw cannotWrite('the cache', error, 'USAGE', 'set XDG_CACHE_HOME to a directory of your own');
  }
}

function list(store: Store | undefined, json: boolean): void {
  const entries = store?.list() ?? [];
  if (json) {
    const shown = entries.map(({ key, what, bytes, usedAt }) => ({ key, what, bytes, usedAt }));
    print(JSON.stringify(shown, null, 2));
  } else if (entries.length === 0) print('nothing is kept');
  else columns(entries.map(row)).forEach(print);
}

function row({ key, what, bytes, usedAt }: Entry): readonly string[] {
  return [key, megabytes(bytes), `used ${duration(Date.now() - usedAt)} ago`, what];
}

function clean(store: Store | undefined): void {
  const removed = store?.clear() ?? [];
  const bytes = removed.reduce((sum, entry) => sum + entry.bytes, 0);
  print(removed.length === 0 ? 'nothing is kept' : `removed ${count(removed.length, 'database')}, ${megabytes(bytes)}`);
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
