/** Reads what generations have left in their log directories. What is missing or damaged is left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsed } from '../protocol/ndjson.ts';
import type { Plan } from '../protocol/plan.ts';
import type { Event } from './events.ts';
import { LOG_MARKS, PLAN_RECORD, type LogMark } from './record-names.ts';

/** Undefined where it was not recorded, or cannot be read. */
export function readPlan(logDir: string): Plan | undefined {
  return parsed(textOf(join(logDir, PLAN_RECORD))) as Plan | undefined;
}

export function readEvents(logDir: string): readonly Event[] {
  return linesOf(join(logDir, 'events.ndjson')) as readonly Event[];
}

export function readMarks(logDir: string): readonly LogMark[] {
  return linesOf(join(logDir, LOG_MARKS)) as readonly LogMark[];
}

function linesOf(file: string): readonly unknown[] {
  return textOf(file)
    .split('\n')
    .flatMap((line) => {
      const value = parsed(line);
      return value === undefined ? [] : [value];
    });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
