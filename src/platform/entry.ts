import { fileURLToPath } from 'node:url';

/**
 * Path of a program in `workers/`, which runs in another process: the source while this file is source, the build
 * when it is built.
 */
export function entry(
  name:
    | 'capacity-pool'
    | 'capacity-task'
    | 'coordinator'
    | 'config-host'
    | 'gateway'
    | 'mock-llm'
    | 'each-pool'
    | 'each-task'
    | 'forwarder'
    | 'gather'
    | 'gather-task'
    | 'late-start'
    | 'plan',
): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../../workers/${name}.${extension}`, import.meta.url));
}
