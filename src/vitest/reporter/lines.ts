/** The summary after Vitest's own: whose fault it was, what to do next, and where every spec has gone. */
import { type Cause, type Fault, faultsOf } from '../../attribution/causes.ts';
import { classOf, type Counts } from '../../attribution/classes.ts';
import type { FileFacts, SpecFacts } from '../../attribution/facts.ts';
import type { Judged } from '../../attribution/verdicts.ts';
import { CODES } from '../../protocol/codes.ts';
import { redactText } from '../../protocol/redact.ts';
import type { Incident } from '../../protocol/incident.ts';
import { count, oneLine } from '../../report/format.ts';
import { incidentText } from '../../report/incident.ts';
import { paint } from '../../report/paint.ts';
import type { Ended, Exit } from './ending.ts';

/** Of each list; the rest is counted. */
const SHOWN = 8;
const TITLE_WIDTH = 64;
const EXIT_CONFIG = 2;

/** Empty when everything is as it should be. */
export function summaryLines({ files, counts, judged, causes, incidents, llm }: Ended, exit: Exit): readonly string[] {
  const faults = faultsOf(judged, false);
  const unsure = faultsOf(judged, true);
  const fine =
    counts.failed + counts.interrupted + counts.neverRan + causes.length + faults.length + unsure.length === 0;
  const told = [...llmLines(llm), ...retriedLines(files), ...harmlessLines(incidents, causes)];
  if (fine) return told.map((line) => redactText(line));
  return [
    ...told,
    ...faultLines(faults),
    ...causeLines('CONFIG', causes.filter(isMistake), 'look at your config'),
    ...causeLines('INFRA', causes.filter(isInfrastructure), 'not your code'),
    ...unsureLines(unsure),
    ...interruptedLines(files),
    accountingLine(counts),
    ...(exit.code === 0 ? [] : [`exit ${exit.code}: ${exit.meaning}`]),
  ].map((line) => redactText(line));
}

/** `collected 57 = 40 passed + 1 failed + 3 skipped + 2 interrupted + 11 never ran (2 files estimated)` */
function accountingLine(counts: Counts): string {
  const { passed, failed, skipped, interrupted, estimatedFiles } = counts;
  const begun = `${passed} passed + ${failed} failed + ${skipped} skipped + ${interrupted} interrupted`;
  const estimated = estimatedFiles === 0 ? '' : ` (${count(estimatedFiles, 'file')} estimated)`;
  return `collected ${counts.collected} = ${begun} + ${counts.neverRan} never ran${estimated}`;
}

function faultLines(faults: readonly Fault[]): string[] {
  if (faults.length === 0) return [];
  return [
    title('red', `TEST LOGIC  ${tallyOf(faults)}`, 'look at your code'),
    ...shown(faults, (fault) => [`  × ${placeOf(fault)}  ${oneLine(fault.message)}`]),
    '',
  ];
}

/** What failed while something was wrong with the infrastructure, and need not have to do with it. */
function unsureLines(faults: readonly Fault[]): string[] {
  if (faults.length === 0) return [];
  return [
    title('yellow', `UNSURE  ${tallyOf(faults)}`, 'needs a rerun'),
    ...shown(faults, (fault) => [`  ? ${placeOf(fault)}  ${oneLine(fault.message)}`, ...reasonsOf(fault)]),
    '',
  ];
}

function tallyOf(faults: readonly Fault[]): string {
  const { failed, broken, blocked } = split(faults);
  return [`${failed.length} failed`, ...some(broken, 'suite', 'failed'), ...neverRan(blocked)].join(', ');
}

function reasonsOf({ consequences: [first] }: Fault): string[] {
  const { evidence = [] } = first?.blocker?.meta ?? first?.meta ?? {};
  return evidence.slice(0, 1).map(({ text }) => `    ${text}`);
}

/** Not a mistake, and so nobody's who wrote config or specs. */
export function isInfrastructure(cause: Cause): boolean {
  return !isMistake(cause);
}

/** Of the config, or of what a file asks for: nothing of the infrastructure has failed. */
function isMistake({ code }: Cause): boolean {
  return CODES[code].exit === EXIT_CONFIG;
}

function causeLines(name: 'CONFIG' | 'INFRA', causes: readonly Cause[], advice: string): string[] {
  if (causes.length === 0) return [];
  const { failed, blocked } = split(causes);
  const tally = [...some(failed, 'spec', 'failed'), ...neverRan(blocked), count(causes.length, 'cause')].join(', ');
  return [
    title('yellow', `${name}  ${tally}`, advice),
    ...shown(causes, (cause) => [
      `  × ${oneLine(cause.incident === undefined ? cause.message : incidentText(cause.incident))} ${paint('dim', `[${cause.code}]`)}`,
      ...(cause.hint === undefined ? [] : [`    hint: ${cause.hint.replaceAll('\n', '\n          ')}`]),
      ...extentOf(cause),
      ...evidenceOf(cause),
    ]),
    '',
  ];
}

/** No failure: what these were asked may be meant to be refused, and not every run needs every scenario. */
function llmLines(llm: readonly string[]): string[] {
  if (llm.length === 0) return [];
  return [title('yellow', 'MOCK LLM', 'look at your scenarios'), ...shown(llm, (line) => [`  · ${line}`]), ''];
}

/** Of a worker that died, this tells what it was at. */
function interruptedLines(files: readonly FileFacts[]): string[] {
  const interrupted = files.flatMap((file) =>
    file.specs.filter((spec) => classOf(spec) === 'interrupted').map((spec) => specPlace(file, spec)),
  );
  if (interrupted.length === 0) return [];
  const heading = paint('yellow', `INTERRUPTED  ${count(interrupted.length, 'spec')} had begun`);
  return [heading, ...shown(interrupted, (place) => [`  · ${place}`]), ''];
}

function specPlace({ path }: FileFacts, { line, name }: SpecFacts): string {
  return `${path}${line === undefined ? '' : `:${line}`}  ${name}`;
}

function title(colour: 'red' | 'yellow', text: string, advice: string): string {
  return `${paint(colour, text.padEnd(TITLE_WIDTH))}  ${paint('dim', advice)}`;
}

/** Specs that failed, suites and files that failed as such, and specs that never ran because of either. */
interface Split {
  readonly failed: readonly Judged[];
  readonly broken: readonly Judged[];
  readonly blocked: readonly Judged[];
}

function split(faults: readonly Fault[]): Split {
  const all = faults.flatMap(({ consequences }) => consequences);
  const specs = all.filter(({ spec }) => spec !== undefined);
  return {
    failed: specs.filter(({ spec }) => spec?.said === 'fail'),
    broken: all.filter(({ suite }) => suite !== undefined),
    blocked: specs.filter(({ spec }) => spec?.said !== 'fail'),
  };
}

function some(judged: readonly Judged[], word: string, what: string): string[] {
  return judged.length === 0 ? [] : [`${count(judged.length, word)} ${what}`];
}

function neverRan(blocked: readonly Judged[]): string[] {
  return blocked.length === 0 ? [] : [`${blocked.length} never ran`];
}

/** Where it failed; the first of several, how many more, and how many specs never ran because of it. */
function placeOf(fault: Fault): string {
  const { failed, broken, blocked } = split([fault]);
  const [first, ...others] = [...broken, ...failed];
  if (first === undefined) return '';
  const { file, spec, suite } = first;
  const place = spec === undefined ? `${file.path}  ${suite?.name}`.trimEnd() : specPlace(file, spec);
  const more = [
    ...(others.length === 0 ? [] : [`and ${others.length} more`]),
    ...(blocked.length === 0 ? [] : [`blocks ${count(blocked.length, 'spec')}`]),
  ];
  return more.length === 0 ? place : `${place}  (${more.join(', ')})`;
}

/** `52 specs in 12 files: specs/a.test.ts (5), specs/b.test.ts (5), … 10 more` */
function extentOf(cause: Cause): string[] {
  const { failed, blocked } = split([cause]);
  const specs = [...failed, ...blocked];
  if (specs.length === 0) return [];
  const perFile = new Map<string, number>();
  for (const { file } of specs) perFile.set(file.path, (perFile.get(file.path) ?? 0) + 1);
  const files = [...perFile].map(([path, n]) => `${path} (${n})`);
  const rest = files.length > SHOWN ? [`… ${files.length - SHOWN} more`] : [];
  const total = `${count(specs.length, 'spec')} in ${count(perFile.size, 'file')}`;
  return [`    ${total}: ${[...files.slice(0, SHOWN), ...rest].join(', ')}`];
}

/** What the specs of an incident said: `fetch failed ×3, read ECONNRESET ×2`. */
function evidenceOf({ incident, consequences }: Cause): string[] {
  if (incident === undefined) return [];
  const said = Object.entries(Object.groupBy(consequences, ({ meta }) => meta.evidence[0]?.text ?? ''))
    .map(([text, all = []]) => `${oneLine(text).replace(/: (?:that is|from a client of) .*/, '')} ×${all.length}`)
    .slice(0, SHOWN);
  return [
    ...(said.length === 0 ? [] : [`    evidence: ${said.join(', ')}`]),
    `    next: greenroom logs ${incident.resource}, greenroom explain`,
  ];
}

/** `retry: 'infra'`: a pass is not to look like one at the first try. */
function retriedLines(files: readonly FileFacts[]): string[] {
  const retried = files.flatMap((file) =>
    file.specs.filter((spec) => spec.retried !== undefined).map((spec) => [file, spec] as const),
  );
  if (retried.length === 0) return [];
  const passed = retried.filter(([, spec]) => spec.said === 'pass').length;
  return [
    title('yellow', `TRIED AGAIN  ${count(retried.length, 'spec')}, of which ${passed} passed then`, 'not your code'),
    ...shown(retried, ([file, spec]) => [
      `  · ${specPlace(file, spec)}  ${oneLine(spec.retried?.evidence[0]?.text ?? '')}`,
    ]),
    '',
  ];
}

/** What was not well and harmed no spec: it was held for, or tried again. */
function harmlessLines(incidents: readonly Incident[], causes: readonly Cause[]): string[] {
  const harmless = incidents.filter(({ id }) => !causes.some(({ incident }) => incident?.id === id));
  if (harmless.length === 0) return [];
  return [
    title('yellow', `INCIDENTS  ${harmless.length}, for which no spec is known to have failed`, 'not your code'),
    ...shown(harmless, (incident) => [`  · ${incidentText(incident)}`]),
    '',
  ];
}

function shown<T>(all: readonly T[], lines: (one: T) => readonly string[]): string[] {
  const rest = all.length > SHOWN ? [`  … ${all.length - SHOWN} more`] : [];
  return [...all.slice(0, SHOWN).flatMap(lines), ...rest];
}
