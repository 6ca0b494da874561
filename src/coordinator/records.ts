/** What a generation leaves beside its events and logs, for whoever has to understand it later. */
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toLine } from '../protocol/ndjson.ts';
import type { Plan } from '../protocol/plan.ts';
import { redact } from '../protocol/redact.ts';
import type { LoggedEvent } from './event-log.ts';
import { LOG_MARKS, PLAN_RECORD, type LogMark } from './record-names.ts';

/** The plan that the generation was started with, without secrets. A fault in recording is never a failed run. */
export function recordPlan(logDir: string, plan: Plan, warn: (text: string) => void): void {
  try {
    writeFileSync(join(logDir, PLAN_RECORD), `${JSON.stringify(redact(plan), undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    warn(`the plan is not recorded: ${String(error)}`);
  }
}

/**
 * Notes how long a resource's log was when something became of it. Its lines bear no time of ours, so this is what
 * tells which of them belong to a failure.
 */
export function markLogs(logDir: string): (event: LoggedEvent) => void {
  return ({ kind, at, ...event }) => {
    if (kind !== 'ready' && kind !== 'failed' && kind !== 'cleaned') return;
    const { resource } = event as Extract<LoggedEvent, { kind: 'ready' }>;
    const bytes = statSync(join(logDir, `${resource}.log`), { throwIfNoEntry: false })?.size ?? 0;
    try {
      appendFileSync(join(logDir, LOG_MARKS), toLine({ at, kind, resource, bytes } satisfies LogMark), { mode: 0o600 });
    } catch {
      // As above; the coordinator's log has said of the event log that there is no room.
    }
  };
}
