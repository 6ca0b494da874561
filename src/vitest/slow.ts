/** The specs that took longest, with what they were held for before they could run. */
import type { RunnerTask, RunnerTestFile } from 'vitest';
import { duration } from '../report/format.ts';
import { specsOf } from './worker/tasks.ts';
import type { Waited, WaitedMeta } from './worker/waited.ts';

const SHOWN = 5;
/** Whatever takes less is not slow. */
const SLOW_MS = 1_000;

interface Slow {
  readonly name: string;
  /** Milliseconds, waiting included. */
  readonly ms: number;
  readonly waited: Waited | undefined;
}

/** Files that were held, and slow specs, the longest first. */
export function slowLines(files: readonly RunnerTestFile[]): readonly string[] {
  const held = files.map((file) => slow(file, file.name, 0));
  const specs = files.flatMap((file) =>
    specsOf(file).map((spec) => slow(spec, `${file.name}  ${spec.name}`, spec.result?.duration ?? 0)),
  );
  const all = [...held, ...specs].filter(({ ms }) => ms >= SLOW_MS).toSorted((a, b) => b.ms - a.ms);
  if (all.length === 0) return [];
  const more = all.length > SHOWN ? [`  · and ${all.length - SHOWN} more`] : [];
  return ['slowest:', ...all.slice(0, SHOWN).map(lineOf), ...more];
}

/** What a spec waits for before its own hooks is part of its duration; a file's own time is that of its specs. */
function slow(task: RunnerTask, name: string, took: number): Slow {
  const waited = (task.meta as WaitedMeta).greenroomWaited;
  return { name, ms: Math.max(took, waited?.ms ?? 0), waited };
}

function lineOf({ name, ms, waited }: Slow): string {
  if (waited === undefined) return `  · ${name}  ${duration(ms)}, all of it its own`;
  const own = ms - waited.ms;
  return `  · ${name}  ${duration(ms)}: held ${duration(waited.ms)} for ${waited.for.join(', ')}, its own ${duration(own)}`;
}
