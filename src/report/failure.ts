/** A failure, told the same way wherever it is told. */
import { paint } from './paint.ts';
import { type Failure, rootCause } from '../protocol/failure.ts';

/** Log lines shown at most; the rest is in the file that is named. */
const MAX_LOG_LINES = 50;

/** What happened, its root cause, the last log lines, where the log is, and what to do next. */
export function failureLines(failure: Failure): string[] {
  const root = rootCause(failure);
  const log = (root.log ?? failure.log ?? []).slice(-MAX_LOG_LINES);
  const logFile = root.logFile ?? failure.logFile;
  const hint = root.hint ?? failure.hint;
  return [
    `${paint('red', 'error')}: ${sentence(failure)}`,
    ...(root === failure ? [] : [`  cause: ${sentence(root)}`]),
    ...(log.length === 0 ? [] : [`  last ${log.length === 1 ? 'log line' : `${log.length} log lines`}:`]),
    ...log.map((line) => `    ${paint('dim', `│ ${line}`)}`),
    ...(logFile === undefined ? [] : [`  log:   ${logFile}`]),
    ...(hint === undefined ? [] : [`  hint:  ${indented(hint)}`]),
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
