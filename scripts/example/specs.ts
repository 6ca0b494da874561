import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SpecRun {
  /** How many spec files there are. */
  readonly files: number;
  readonly passed: boolean;
}

/** Runs the project's specs on this terminal. */
export async function runSpecs(project: string, env: Readonly<Record<string, string>>): Promise<SpecRun> {
  linkLibrary(project);
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
  const child = spawn(process.execPath, [vitest, 'run', '--slowTestThreshold=3000'], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const files = readdirSync(join(project, 'specs')).filter((name) => name.endsWith('.test.ts'));
  return { files: files.length, passed: code === 0 };
}

/** What `npm install` in the example would do, without a download. */
function linkLibrary(project: string): void {
  const link = join(project, 'node_modules', 'greenroom');
  if (existsSync(link)) return;
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(join('..', '..', '..'), link);
}
