/** The project that the rows of the conformance suite are played in, and its journal. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/project.ts';
import { vitestProject, type Major, type VitestProject } from '../support/vitest-project.ts';

/** One line of the journal: who did what, in which process. */
export interface Entry {
  readonly who: 'before' | 'after' | 'spec' | 'door' | 'clean-up' | 'report';
  readonly what: string;
  readonly value: unknown;
  readonly pid: number;
}

export interface Stage extends VitestProject {
  journal(): readonly Entry[];
  /** The journal as words, such as `before once`, `spec a`. */
  story(): readonly string[];
  /** Resolves when the journal has this many lines of these words. */
  reaches(words: string, times?: number): Promise<void>;
}

/** The four bodies of the suite module, as text; each has `write`, `sees` and the parameters of its body. */
export interface Bodies {
  readonly beforeOnce?: string;
  readonly beforeEach?: string;
  readonly afterEach?: string;
  readonly afterOnce?: string;
  /** Milliseconds that the `each` bodies have. */
  readonly eachTimeout?: number;
}

/** A suite module whose bodies write who they are, and then do what is asked for. */
export function suite({
  beforeOnce = '',
  beforeEach = '',
  afterEach = '',
  afterOnce = '',
  eachTimeout,
}: Bodies): string {
  const options = eachTimeout === undefined ? '' : `, { timeout: ${eachTimeout} }`;
  return `
import { synchronizedAfterSuite, synchronizedBeforeSuite } from 'greenroom/suite';
import { sees, write } from './journal.ts';

synchronizedBeforeSuite(
  async ({ door }, { onCleanup, signal, skip }) => { write('before', 'once'); ${beforeOnce}\n},
  async (value, { door }, { onCleanup, signal }) => { write('before', 'each', value); ${beforeEach}\n}${options});
synchronizedAfterSuite(
  async ({ door }, { onCleanup, signal }) => { write('after', 'each'); ${afterEach}\n},
  async ({ door }, { onCleanup, signal }) => { write('after', 'once'); ${afterOnce}\n}${options});
`;
}

/** A spec file of one spec, which writes its name and then does what is asked for. */
export function spec(name: string, body = '', rest = ''): string {
  return `
import { afterEach, expect, test } from 'vitest';
import { sees, write } from '../journal.ts';
test('${name}', async ({ signal }) => { write('spec', '${name}'); ${body}\n});
${rest}
`;
}

/** @param files Written over the fixture's own. */
export function stage(files: Readonly<Record<string, string>> = {}, major: Major = 5): Stage {
  const project = vitestProject(files, { major, fixture: 'conformance' });
  const journal = (): readonly Entry[] => {
    try {
      const text = readFileSync(join(project.dir, 'journal'), 'utf8').trim();
      return text.split('\n').map((line) => JSON.parse(line) as Entry);
    } catch {
      return []; // nothing has happened yet
    }
  };
  const story = (): readonly string[] => journal().map(({ who, what }) => `${who} ${what}`);
  const reaches = async (words: string, times = 1): Promise<void> => {
    await eventually(
      () => (story().filter((line) => line === words).length >= times ? true : undefined),
      `the journal to have ${times} × “${words}”; it has ${story().join(', ')}`,
    );
  };
  return Object.assign(project, { journal, story, reaches });
}

/** How often the story has these words. */
export function count(story: readonly string[], words: string): number {
  return story.filter((line) => line === words).length;
}

/** Pid of the coordinator of a project's newest generation. */
export function coordinatorOf({ runtimeDir }: VitestProject): number {
  const number = (path: string): number => Number(/gen-(\d+)/.exec(path)?.[1]);
  const [newest = ''] = globSync('*/gen-*.json', { cwd: runtimeDir }).toSorted((a, b) => number(b) - number(a));
  return (JSON.parse(readFileSync(join(runtimeDir, newest), 'utf8')) as { readonly pid: number }).pid;
}
