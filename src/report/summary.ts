/** The last lines of a run: what the infrastructure did for it. */
import type { State } from '../coordinator/state.ts';
import type { Welcome } from '../protocol/messages.ts';
import { buildLines } from './builds.ts';
import { count, duration } from './format.ts';
import { joinedLater } from './headline.ts';

/** What was shared, and what became of images. `start` is when the command began. */
export function summaryLines(state: State, welcome: Welcome, start: number): readonly string[] {
  const images = buildLines(state.graph, state.builds);
  return [summary(state, welcome, start), ...images.map((line) => `greenroom: ${line}`)];
}

/** One line about what was shared. `start` is when the command began. */
export function summary(state: State, welcome: Welcome, start: number): string {
  const ready = Object.entries(state.resources).flatMap(([name, resource]) =>
    resource.state === 'ready' ? [`${name} ${duration(resource.took)}`] : [],
  );
  const origin = joinedLater(welcome, start)
    ? `joined what had been up for ${duration(start - welcome.coordinator.upSince)}`
    : 'infrastructure started once';
  const resources = ready.length === 0 ? 'no resources' : `${count(ready.length, 'resource')} (${ready.join(', ')})`;
  return `greenroom: ${origin} · ${resources} · ${count(state.peakLeases, 'lease')} at the peak`;
}
