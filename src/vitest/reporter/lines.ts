/** The summary after Vitest's own: whose fault it was, what to do next, and where every spec has gone. */
import { type Cause, type Fault, faultsOf } from '../../attribution/causes.ts';
import type { Counts } from '../../attribution/classes.ts';
import type { Judged } from '../../attribution/verdicts.ts';
import { redactText } from '../../protocol/redact.ts';
import { count, oneLine } from '../../report/format.ts';
import { paint } from '../../report/paint.ts';
import { type Ended, meaningOf } from './ending.ts';

/** Of each list; the rest is counted. */
const SHOWN = 8;
const TITLE_WIDTH = 64;

/** Empty when everything is as it should be. */
export function summaryLines(ended: Ended, exitCode: number): readonly string[] {
  const { counts, judged, causes } = ended;
  const faults = faultsOf(judged);
  const fine = counts.failed + counts.interrupted + counts.neverRan + causes.length + faults.length === 0;
  if (fine) return [];
  return [
    ...faultLines(faults),
    ...(causes.length === 0 ? [] : causeLines(causes)),
    ...(counts.interrupted === 0
      ? []
      : [paint('yellow', `INTERRUPTED  ${count(counts.interrupted, 'spec')} had begun`), '']),
    accountingLine(counts),
    ...(exitCode === 0 ? [] : [`exit ${exitCode}: ${meaningOf(exitCode)}`]),
  ].map((line) => redactText(line));
}

/** `collected 57 = 40 passed + 1 failed + 3 skipped + 2 interrupted + 11 never ran (2 files estimated)` */
export function accountingLine(counts: Counts): string {
  const { collected, passed, failed, skipped, interrupted, neverRan, estimatedFiles } = counts;
  const classes = `${passed} passed + ${failed} failed + ${skipped} skipped + ${interrupted} interrupted + ${neverRan} never ran`;
  const estimated = estimatedFiles === 0 ? '' : ` (${count(estimatedFiles, 'file')} estimated)`;
  return `collected ${collected} = ${classes}${estimated}`;
}

function faultLines(faults: readonly Fault[]): string[] {
  if (faults.length === 0) return [];
  const all = faults.flatMap(({ consequences }) => consequences);
  return [
    title('red', `TEST LOGIC  ${tally(all)}`, 'look at your code'),
    ...shown(faults, ({ message, consequences }) => [`  × ${placeOf(consequences)}  ${oneLine(message)}`]),
    '',
  ];
}

function causeLines(causes: readonly Cause[]): string[] {
  const all = causes.flatMap(({ consequences }) => consequences);
  return [
    title('yellow', `INFRA  ${tally(all)} · ${count(causes.length, 'cause')}`, 'not your code'),
    ...shown(causes, ({ code, message, hint, consequences }) => [
      `  × ${oneLine(message)} ${paint('dim', `[${code}]`)}`,
      ...(hint === undefined ? [] : [`    hint: ${hint.replaceAll('\n', '\n          ')}`]),
      ...(specs(consequences).length === 0 ? [] : [`    ${blockedBy(consequences)}`]),
    ]),
    '',
  ];
}

function title(colour: 'red' | 'yellow', text: string, advice: string): string {
  return `${paint(colour, text.padEnd(TITLE_WIDTH))}  ${paint('dim', advice)}`;
}

/** `5 failed, 3 never ran`; suites and files that failed as such are counted apart. */
function tally(consequences: readonly Judged[]): string {
  const all = specs(consequences);
  const failed = all.filter(({ spec }) => spec?.said === 'fail').length;
  const broken = consequences.filter(({ suite }) => suite !== undefined).length;
  const parts = [
    failed === 0 && broken > 0 ? '' : `${failed} failed`,
    broken === 0 ? '' : `${count(broken, 'suite')} failed`,
    all.length === failed ? '' : `${all.length - failed} never ran`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Where one thing failed; the first of several, and how many. */
function placeOf(consequences: readonly Judged[]): string {
  const [first] = consequences;
  if (first === undefined) return '';
  const { file, spec, suite } = first;
  const line = spec?.line === undefined ? '' : `:${spec.line}`;
  const name = spec?.name ?? suite?.name ?? '';
  const where = `${file.path}${line}${name === '' ? '' : `  ${name}`}`;
  const more = consequences.length - 1;
  return more === 0 ? where : `${where}  (and ${more} more)`;
}

/** `52 specs in 12 files: specs/a.test.ts (5), specs/b.test.ts (5), … 10 more` */
function blockedBy(consequences: readonly Judged[]): string {
  const perFile = new Map<string, number>();
  for (const { file } of specs(consequences)) perFile.set(file.path, (perFile.get(file.path) ?? 0) + 1);
  const files = [...perFile].map(([path, n]) => `${path} (${n})`);
  const rest = files.length > SHOWN ? `, … ${files.length - SHOWN} more` : '';
  const total = `${count(specs(consequences).length, 'spec')} in ${count(perFile.size, 'file')}`;
  return `${total}: ${files.slice(0, SHOWN).join(', ')}${rest}`;
}

function specs(consequences: readonly Judged[]): readonly Judged[] {
  return consequences.filter(({ spec }) => spec !== undefined);
}

function shown<T>(all: readonly T[], lines: (one: T) => readonly string[]): string[] {
  const rest = all.length > SHOWN ? [`  … ${all.length - SHOWN} more`] : [];
  return [...all.slice(0, SHOWN).flatMap(lines), ...rest];
}
