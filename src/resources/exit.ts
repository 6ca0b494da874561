import type { Exit, ResourceContext } from './driver.ts';

/** How a process ended, as the end of a sentence. */
export function describeExit({ code, signal, error }: Exit): string {
  if (error !== undefined) return `could not be started: ${error.message}`;
  return signal === null ? `exited with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
}

/** Why a resource does not start whose process has ended. */
export function endedEarly(ctx: ResourceContext, exit: Exit): Error {
  return ctx.error('RESOURCE_EXITED', `${ctx.name} ${describeExit(exit)} before it was ready`, seeLog(ctx));
}

/** Why a resource is not ready that had to end well. */
export function jobFailed(ctx: ResourceContext, exit: Exit): Error {
  return ctx.error('JOB_FAILED', `the job ${ctx.name} ${describeExit(exit)}`, seeLog(ctx));
}

function seeLog({ name }: ResourceContext): string {
  return `its log ends with the reason, if it gave one: \`greenroom logs ${name}\``;
}
