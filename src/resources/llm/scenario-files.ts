import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesMatching } from '../../platform/glob.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import type { MockLlmPlan } from './options.ts';
import type { Scenario, Script } from './scenario.ts';
import { scenarioSchema, scriptOf } from './scenario-schema.ts';

/**
 * What all share, in the order of the config; of a glob, files in the order of their names.
 *
 * @param name of the resource
 * @throws GreenroomError CONFIG_INVALID that names the file and the place in it
 */
export async function sharedScripts(
  name: string,
  { scenarios = [] }: MockLlmPlan,
  root: string,
): Promise<readonly Script[]> {
  const scripts: Script[] = [];
  for (const [index, given] of [scenarios].flat().entries()) {
    if (typeof given !== 'string') {
      scripts.push(scriptOf(given, `scenarios[${index}] of ${name}`));
      continue;
    }
    for (const file of (await filesMatching(given, root)).toSorted()) scripts.push(...scriptsIn(name, file, root));
  }
  return scripts;
}

/** A file has one scenario, or a list of them. */
function scriptsIn(name: string, file: string, root: string): readonly Script[] {
  const value = parsed(name, file, readFileSync(join(root, file), 'utf8'));
  const one = !Array.isArray(value);
  return [value].flat().map((scenario: unknown, index) => {
    const place = one ? file : `${file}[${index}]`;
    const { error, data } = scenarioSchema.safeParse(scenario);
    if (error === undefined) return scriptOf(data as Scenario, place);
    const problems = error.issues.map(({ path, message }) => `${place}${pathText(path)}: expected ${message}`);
    throw malformed(name, problems.join('\n  '));
  });
}

function parsed(name: string, file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(name, `${file}: ${(error as Error).message}`);
  }
}

function malformed(name: string, problems: string): GreenroomError {
  return new GreenroomError({
    code: 'CONFIG_INVALID',
    message: `a scenario of ${name} is malformed:\n  ${problems}`,
    subject: name,
    hint: 'correct the file; docs/mock-llm.md describes what a scenario can have',
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
}
