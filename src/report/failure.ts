/** A failure, told the same way wherever it is told. */
import { paint } from './paint.ts';
import { type Failure, rootCause } from '../protocol/failure.ts';

/** Log lines shown at most; the rest is in the file that is named. */
const MAX_LOG_LINES = 50;

/** What happened, its root cause, the last log lines, where the log is, and what to do next. */
export function failureLines(failure: Failure): string[] {
  const root = rootCause(failure);
  const { log = [], logFile } = root.log === undefined ? failure : root;
  const hint = root.hint ?? failure.hint;
  return [
    `${paint('red', 'error')}: ${sentence(failure)}`,
    ...(root === failure ? [] : [`  cause: ${sentence(root)}`]),
    ...logLines(log.slice(-MAX_LOG_LINES), logFile),
    ...(hint === undefined ? [] : [`  hint:  ${indented(hint)}`]),
  ];
}

/** Nothing about a log that was never begun; of one that was and is empty, that it is. */
function logLines(log: readonly string[], file: string | undefined): string[] {
  const where = file === undefined ? [] : [`  log:   ${file}`];
  if (log.length === 0) return [];
  if (log.every((line) => line.trim() === '')) return where.map((line) => `${line} (empty)`);
  return [
    `  last ${log.length === 1 ? 'log line' : `${log.length} log lines`}:`,
    ...log.map((line) => `    ${paint('dim', `│ ${line}`)}`),
    ...where,
  ];
}

function sentence(failure: Failure): string {
  return `${indented(named(failure))} ${paint('dim', `[${failure.code}]`)}`;
}

/** The message, with the subject in front unless the message speaks of it. */
function named({ subject, message }: Failure): string {
  return subject === undefined || message.includes(subject) ? message : `${subject}: ${message}`;
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n         ');
}
