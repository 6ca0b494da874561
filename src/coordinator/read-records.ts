/** Reads what generations have left in their log directories. What is missing or damaged is left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../protocol/plan.ts';
import type { Event } from './events.ts';
import { LOG_MARKS, PLAN_RECORD, type LogMark } from './record-names.ts';

/** Undefined where it was not recorded, or cannot be read. */
export function readPlan(logDir: string): Plan | undefined {
  return attempt(() => JSON.parse(readFileSync(join(logDir, PLAN_RECORD), 'utf8')) as Plan);
}

export function readEvents(logDir: string): readonly Event[] {
  return linesOf(join(logDir, 'events.ndjson')) as readonly Event[];
}

export function readMarks(logDir: string): readonly LogMark[] {
  return linesOf(join(logDir, LOG_MARKS)) as readonly LogMark[];
}

function linesOf(file: string): readonly unknown[] {
  const text = attempt(() => readFileSync(file, 'utf8')) ?? '';
  return text.split('\n').flatMap((line) => {
    const value = line === '' ? undefined : attempt(() => JSON.parse(line) as unknown);
    return value === undefined ? [] : [value];
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
