/** The last lines of a run: what the infrastructure did for it. */
import type { ResourceState, State } from '../coordinator/state.ts';
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
  const resources = Object.entries(state.resources).flatMap(([name, resource]) => described(name, resource));
  const origin = joinedLater(welcome, start)
    ? `joined what had been up for ${duration(start - welcome.coordinator.upSince)}`
    : 'infrastructure started once';
  const what =
    resources.length === 0 ? 'no resources' : `${count(resources.length, 'resource')} (${resources.join(', ')})`;
  return `greenroom: ${origin} · ${what} · ${count(state.peakLeases, 'lease')} at the peak`;
}

/** Nothing of a resource that never was up, as most are that a run does not need. */
function described(name: string, resource: ResourceState): readonly string[] {
  if (resource.state === 'ready') return [`${name} ${duration(resource.took)}`];
  if (resource.state === 'failed') return [`${name} failed`];
  return resource.state === 'unhealthy' || resource.state === 'restarting' ? [`${name} not well`] : [];
}
