/** Reads the JSON report of a Vitest run. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { SpecResult } from './compare.ts';

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What came of each spec; undefined when the run has written no report, or one that is not Vitest's. */
export function readReport(file: string): readonly SpecResult[] | undefined {
  try {
    return resultsIn(report.parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    return undefined;
  }
}

function resultsIn({ testResults }: z.infer<typeof report>): readonly SpecResult[] {
  return testResults.flatMap(({ name: file, status, assertionResults }) => {
    const specs = assertionResults.map(({ fullName, status: result }) => ({ file, name: fullName, result }));
    // A file that fails without any spec of it, such as by an import or in a hook, has failed as such.
    const itself = status === 'failed' && !specs.some(({ result }) => result === 'failed');
    return itself ? [...specs, { file, name: '', result: 'failed' }] : specs;
  });
}
