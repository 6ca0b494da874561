import type { Script } from './scenario.ts';

/** Names of files in the directory of a mock LLM; paths of sockets must be short. */
export const SETTINGS = 'settings.json';
export const CONTROL = 'c';

/** For its Node, megabytes for what is new: what is over is collected soon, so that hours of answers leave it small. */
export const SMALL_HEAP = '--max-semi-space-size=2';

/** What the process of a mock LLM is told when it starts. */
export interface Settings {
  /** What all share. */
  readonly scripts: readonly Script[];
  readonly forceText: boolean;
  /** Whose own it is, where each worker has one. */
  readonly slot?: number;
}
