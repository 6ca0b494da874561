/** What the log of a build says of its cache. Pure. */

import { LABEL_PREFIX } from './names.ts';

/** Steps of a build, and how many of them the engine had kept from an earlier one. */
export interface Steps {
  readonly steps: number;
  readonly cached: number;
}

/** `cold`: no step was kept. `warm`: some or all were. */
export type Warmth = 'cold' | 'warm';

/**
 * Of podman's log (`STEP 2/3: …`, `--> Using cache …`), of docker's old one (`Step 2/3 : …`, ` ---> Using cache`) or of
 * BuildKit's plain one (`#5 [2/3] …`, `#5 CACHED`).
 */
export function stepsOf(log: string): Steps {
  const buildKit = /^#\d+ \[/m.test(log);
  return buildKit ? ofBuildKit(log) : byLines(log);
}

export function warmthOf({ cached }: Steps): Warmth {
  return cached === 0 ? 'cold' : 'warm';
}

function byLines(log: string): Steps {
  let steps = 0;
  let cached = 0;
  let counts = false;
  for (const line of log.split('\n')) {
    const [, instruction] = /^(?:\[[^\]]+\] )?(?:STEP \d+\/\d+|Step \d+\/\d+ ): (.*)$/.exec(line) ?? [];
    if (instruction !== undefined) {
      // What makes nothing is taken for a step, and so is the label that we give an image.
      counts = !/^(?:FROM|ARG) /.test(instruction) && !instruction.replace('"', '').startsWith(`LABEL ${LABEL_PREFIX}`);
      steps += Number(counts);
    }
    if (counts && /^(?:(?:\[[^\]]+\] )?--> Using cache [0-9a-f]{64}| ---> Using cache)$/.test(line)) cached += 1;
  }
  return { steps, cached };
}

function ofBuildKit(log: string): Steps {
  const steps = new Set<string>();
  for (const [, id = ''] of log.matchAll(/^#(\d+) \[(?!internal\])[^\]]*\d+\/\d+\] (?!FROM )/gm)) steps.add(id);
  const cached = [...log.matchAll(/^#(\d+) CACHED$/gm)].filter(([, id = '']) => steps.has(id));
  return { steps: steps.size, cached: cached.length };
}
