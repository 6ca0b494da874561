import type { Failure } from '../../protocol/failure.ts';
import type { Joined } from '../joined.ts';
import type { Contents } from './contents.ts';

/** Where a worker finds the coordinator, and what it knows of it. */
export interface Meeting {
  readonly file: string;
  readonly run: string;
  /** Milliseconds after which not even the coordinator's own deadlines can have been kept. */
  readonly patience: number;
  /** What the config has; without a main process that tells, the coordinator is asked. */
  readonly contents?: Contents;
  /** Absolute path of the suite module. */
  readonly suite?: string;
}

/** Under `greenroom run` all is ready before the command begins; a generation that follows may have to start again. */
const PATIENCE_MS = 180_000;

const NOT_JOINED: Failure = {
  code: 'NOT_JOINED',
  message: 'this Vitest run has joined no infrastructure',
  hint: 'add `plugins: [greenroom()]` to vitest.config.ts, or start it with `greenroom run -- vitest`',
};

/** What the main process said; without the plugin, what `greenroom run` put into the environment. */
export function meetingOf(joined: Joined | undefined): Meeting | { readonly failure: Failure } | undefined {
  if (joined === undefined) {
    const { GREENROOM_FILE: file, GREENROOM_RUN: run = 'unnamed' } = process.env;
    return file === undefined ? { failure: NOT_JOINED } : { file, run, patience: PATIENCE_MS };
  }
  if ('failure' in joined) return joined;
  return 'file' in joined ? { ...joined, contents: joined } : undefined;
}
