import type { Exit } from './driver.ts';

/** How a process ended, as the end of a sentence. */
export function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return `was ended by ${signal}`;
  return `exited with code ${code ?? 'unknown'}`;
}
