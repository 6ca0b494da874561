import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { count } from '../../src/report/format.ts';
import type { Claim } from './proof.ts';

/** The part of Vitest's JSON report that is read here. */
interface Results {
  readonly success: boolean;
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly unknown[];
}

/** Runs the project's specs with its own Vitest config, on this terminal. */
export async function runSpecs(
  project: string,
  env: Readonly<Record<string, string>>,
  report: string,
): Promise<{ readonly files: number; readonly claim: Claim }> {
  linkLibrary(project);
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const results = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Results) : undefined;
  const { numTotalTests: all = 0, numPassedTests: passed = 0, testResults: files = [] } = results ?? {};
  return {
    files: files.length,
    claim: {
      holds: code === 0 && all > 0 && passed === all,
      claim: `${passed} of ${count(all, 'spec')} passed`,
      detail: `in ${count(files.length, 'file')}`,
    },
  };
}

/** What `npm install` in the example would do, without a download. */
function linkLibrary(project: string): void {
  const link = join(project, 'node_modules', 'greenroom');
  if (existsSync(link)) return;
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(join('..', '..', '..'), link);
}
