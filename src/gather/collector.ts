import type { LogMark } from '../coordinator/record-names.ts';
import type { Progress } from '../report/fold.ts';
import type { FoundGeneration } from '../client/generations.ts';
import type { Event } from '../coordinator/events.ts';
import type { Plan } from '../protocol/plan.ts';
import type { Range } from './windows.ts';
import type { GatherRequest } from './request.ts';

/** What is known of the generation, and where a collector puts what it finds. */
export interface Scene {
  readonly request: GatherRequest;
  /** Undefined where its file is gone. */
  readonly generation: FoundGeneration | undefined;
  /** Undefined where it was not recorded, or cannot be read. */
  readonly plan: Plan | undefined;
  readonly events: readonly Event[];
  /** The generation as its events make it; undefined without a plan. */
  readonly progress: Progress | undefined;
  readonly marks: readonly LogMark[];
  /** Processes of the generation and of its members. */
  readonly pids: readonly number[];
  /** Whether this resource was asked for. */
  wants(resource: string): boolean;
  /** Writes a file of the bundle, without secrets. */
  write(path: string, text: string): Promise<void>;
  /** As JSON, without secrets. */
  writeJson(path: string, value: unknown): Promise<void>;
  /** Copies parts of a file into the bundle, without secrets; in a process of its own. */
  copy(source: string, path: string, ranges: readonly Range[]): Promise<void>;
}

/** One part of a bundle. It may throw, and it may hang: the others go on, and the index names it. */
export interface Collector {
  /** In the index. */
  readonly name: string;
  collect(scene: Scene): Promise<void>;
}
