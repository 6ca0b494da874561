/** `greenroom durations`: how long spec files take on this machine, and the file that shards are balanced by. */
import { join, relative, resolve } from 'node:path';
import type { CAC } from 'cac';
import { DURATIONS_FILE, durationsText, type Durations } from '../../durations/durations.ts';
import { historyFile, readHistory, writeWhole } from '../../durations/files.ts';
import { typical } from '../../durations/history.ts';
import { readKey } from '../../durations/key.ts';
import { cannotWrite, GreenroomError } from '../../protocol/failure.ts';
import { columns, count, duration } from '../../report/format.ts';
import { OK } from '../exit-codes.ts';
import { projectRoot } from '../generation.ts';
import { print } from '../print.ts';
import { exclusive, text, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command('durations', 'Print how long spec files take, longest first')
    .option('--write [file]', `Write them to a file for shards to be balanced by (default: ${DURATIONS_FILE})`)
    .option('--json', 'As a JSON list')
    .action(durations);
}

function durations(options: Flags): number {
  const file = options['write'];
  const form = exclusive({ ...options, write: file !== undefined }, ['write', 'json']);
  const root = projectRoot(text('config', options['config']));
  const known = measured(root);
  if (form === 'write') write(file === true ? join(root, DURATIONS_FILE) : resolve(text('write', file) ?? ''), known);
  else if (form === 'json')
    print(
      JSON.stringify(
        longestFirst(known).map(([key, ms]) => ({ ...readKey(key), ms })),
        null,
        2,
      ),
    );
  else columns(longestFirst(known).map(([key, ms]) => [shown(ms), key])).forEach(print);
  return OK;
}

function measured(root: string): Durations {
  const history = readHistory(historyFile(root));
  if (history !== undefined && history.size > 0) return typical(history);
  throw new GreenroomError({
    code: 'DURATIONS_NOT_FOUND',
    message: `no run has recorded yet how long the spec files of ${root} take`,
    hint: 'run the suite once with `plugins: [greenroom()]` in the Vitest config',
  });
}

function longestFirst(known: Durations): readonly (readonly [string, number])[] {
  return [...known].toSorted(([, a], [, b]) => b - a);
}

const shown = (ms: number): string => (ms < 1000 ? `${ms}ms` : duration(ms));

function write(file: string, known: Durations): void {
  try {
    writeWhole(file, durationsText(known));
  } catch (error) {
    throw cannotWrite(file, error, 'USAGE', 'name a file in a directory that exists');
  }
  print(`wrote the durations of ${count(known.size, 'spec file')} to ${relative(process.cwd(), file)}`);
}
