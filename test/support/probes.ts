import type { Json } from '../../src/protocol/plan.ts';
import type { ProbeContext } from '../../src/resources/probes/run.ts';

/** What a probe is asked with: no resource, no needs, no functions, but for what a test gives. */
export function probeContext(given: Partial<ProbeContext> = {}): ProbeContext {
  return {
    needs: {},
    root: process.cwd(),
    env: { PATH: process.env['PATH'] ?? '' },
    signal: new AbortController().signal,
    call: ({ $function }) => Promise.reject(new Error(`the test has no function ${$function}`)),
    ...given,
  };
}

/** Answers calls of functions as the config host does: by JSON, and by path. */
export function answering(
  functions: Readonly<Record<string, (...args: never[]) => unknown>>,
): Pick<ProbeContext, 'call'> {
  return {
    call: async ({ $function }, args) => {
      const json = JSON.parse(JSON.stringify(args)) as never[];
      return JSON.parse(JSON.stringify((await functions[$function]?.(...json)) ?? null)) as Json;
    },
  };
}
