/** Why a spec failed or never ran, in full. Pure. */
import { clock, oneLine } from './format.ts';
import { paint } from './paint.ts';
import type { RecordedVerdict, RunSummary } from './run-summary.ts';

const ADVICE: Readonly<Record<RecordedVerdict['verdict'], string>> = {
  LOGIC: 'look at your code',
  INFRA: 'not your code',
  UNSURE: 'needs a rerun',
  NEVER_RAN: 'not begun',
};

/** Those that are meant: by file, by `file:line`, by the whole file's name without folders, or by a part of the name. */
export function meant(all: readonly RecordedVerdict[], asked: string): readonly RecordedVerdict[] {
  const exact = all.filter(({ file, line }) => [file, `${file}:${line}`].some((place) => endsLike(place, asked)));
  return exact.length > 0 ? exact : all.filter(({ name }) => name.includes(asked));
}

function endsLike(place: string, asked: string): boolean {
  return place === asked || place.endsWith(`/${asked.replace(/^\.\//, '')}`) || place === asked.replace(/^\.\//, '');
}

/** A paragraph for each. */
export function explanation(
  { file, line, name, verdict, code, incident: id, error, evidence }: RecordedVerdict,
  incidents: RunSummary['incidents'],
): readonly string[] {
  const incident = incidents.find((one) => one.id === id);
  const place = `${file}${line === undefined ? '' : `:${line}`}  ${name}`.trimEnd();
  return [
    `${paint(verdict === 'LOGIC' ? 'red' : 'yellow', verdict)}  ${place}  ${paint('dim', ADVICE[verdict])}`,
    ...(error === undefined ? [] : [`  error: ${oneLine(error)}`]),
    ...evidence.map(({ at, kind, text }) => `  ${clock(at)} ${kind}: ${text}`),
    ...(evidence.length === 0 && verdict === 'LOGIC' ? [NOTHING] : []),
    ...(incident === undefined ? [] : incidentLines(incident)),
    ...next(verdict, file, name, code),
  ];
}

const NOTHING = '  nothing of the infrastructure is known to have been wrong while it ran';

/** As many lines of the log as say what happened. */
const LOG_LINES = 5;

function incidentLines({ text, resource, log }: RunSummary['incidents'][number]): string[] {
  return [`  ${text}`, ...log.slice(-LOG_LINES).map((line) => `    | ${line}`), `  next: greenroom logs ${resource}`];
}

function next(verdict: RecordedVerdict['verdict'], file: string, name: string, code: string | undefined): string[] {
  if (verdict === 'UNSURE') return [`  next: npx vitest run ${file} -t ${JSON.stringify(lastOf(name))}`];
  return code === undefined ? [] : [`  code: ${code}`];
}

/** Vitest joins the names of suites and spec with blanks, not with ` > `. */
const lastOf = (name: string): string => name.split(' > ').at(-1) ?? name;
