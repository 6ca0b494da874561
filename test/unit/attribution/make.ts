/** Facts for tests: what is not named is as ordinary as can be. */
import type { FileFacts, RunFacts, SpecFacts, SuiteFacts } from '../../../src/attribution/facts.ts';
import type { Failure } from '../../../src/protocol/failure.ts';
import type { VerdictMeta } from '../../../src/protocol/verdict.ts';

export const passing: Omit<SpecFacts, 'id'> = {
  name: 'adds an item',
  declaredSkip: false,
  said: 'pass',
  began: true,
  aborted: false,
  within: [],
};

/** A file, `a.test.ts`, with these specs in it. */
export function file(specs: readonly Partial<SpecFacts>[], more: Partial<FileFacts> = {}): FileFacts {
  const id = more.path ?? 'a.test.ts';
  return {
    id,
    path: id,
    reached: true,
    estimated: false,
    broken: [],
    specs: specs.map((spec, index) => ({ ...passing, id: `${id}_${index}`, within: [id], ...spec })),
    ...more,
  };
}

/** The file itself failed; its specs never ran. */
export function brokenFile(path: string, specs: number, suite: Omit<SuiteFacts, 'id' | 'name'>): FileFacts {
  const never = { said: 'skip', began: false } as const;
  const own = { ...suite, id: path, name: '' };
  return file(
    Array.from({ length: specs }, () => never),
    { path, broken: [own] },
  );
}

export function run(files: readonly FileFacts[], more: Partial<RunFacts> = {}): RunFacts {
  return { files, incidents: [], losses: [], reported: [], ...more };
}

export const infra = (code: Failure['code'], text: string): VerdictMeta => ({
  v: 1,
  verdict: 'INFRA',
  code,
  evidence: [{ kind: 'resource', text: `${text} [${code}]`, at: 1 }],
});
