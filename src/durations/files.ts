/**
 * The files that durations are kept in. Main process and command line only: what is read was written by others, and
 * is checked with zod.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { problemsOf } from '../config/problems.ts';
import { GreenroomError, describeError } from '../protocol/failure.ts';
import type { Durations } from './durations.ts';
import type { History } from './history.ts';

const milliseconds = z.number({ error: 'a number of milliseconds' }).min(0, { error: 'a number from 0 on' });

const fileOf = <T extends z.ZodType>(
  value: T,
): z.ZodObject<{ v: z.ZodLiteral<1>; files: z.ZodRecord<z.ZodString, T> }> =>
  z.strictObject({ v: z.literal(1), files: z.record(z.string(), value) });

/** Where the history of the project in `root` is. */
export const historyFile = (root: string): string => join(root, '.greenroom', 'durations.json');

/**
 * Durations that were committed or passed; undefined when there is no such file.
 * @throws GreenroomError DURATIONS_INVALID
 */
export function readDurations(file: string): Durations | undefined {
  return read(file, milliseconds);
}

/**
 * The history that the runs on this machine have left; undefined when there is none.
 * @throws GreenroomError DURATIONS_INVALID
 */
export function readHistory(file: string): History | undefined {
  return read(file, z.array(milliseconds));
}

export function writeHistory(file: string, history: History): void {
  const directory = dirname(file);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, '.gitignore'), '*\n');
  writeWhole(file, `${JSON.stringify({ v: 1, files: Object.fromEntries(history) })}\n`);
}

/** Whoever reads the file meanwhile sees the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function read<T extends z.ZodType>(file: string, value: T): ReadonlyMap<string, z.infer<T>> | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  return new Map(Object.entries(parse(file, text, fileOf(value)).files));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(file, describeError(error));
  }
}

function parse<T extends z.ZodType>(file: string, text: string, schema: T): z.infer<T> {
  const value = json(file, text);
  const [problem, ...more] = problemsOf(schema, value);
  if (problem === undefined) return value as z.infer<T>;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw invalid(file, `${problem.path.map(String).join('.')}: ${problem.text}${others}`);
}

function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, describeError(error));
  }
}

function invalid(file: string, why: string): GreenroomError {
  return new GreenroomError({
    code: 'DURATIONS_INVALID',
    message: `${basename(file)} cannot be understood: ${why}`,
    hint: `correct ${file}, or remove it: \`greenroom durations --write\` writes it anew`,
  });
}
