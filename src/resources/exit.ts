import type { Exit } from './driver.ts';

/** How a process ended, as the end of a sentence. */
export function describeExit({ code, signal, error }: Exit): string {
  if (error !== undefined) return `could not be started: ${error.message}`;
  return signal === null ? `exited with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
}
