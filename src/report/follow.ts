import type { Session } from '../client/session.ts';
import type { Event } from '../coordinator/events.ts';
import type { State } from '../coordinator/state.ts';
import { advance, begin, type Progress, type Transition } from './fold.ts';

/** What a follower is told, first about the state as it is, then once for each event. */
export interface Step {
  readonly progress: Progress;
  readonly transitions: readonly Transition[];
  readonly event?: Event;
}

/** Follows a generation as long as its connection lasts. Resolves once the first step was told. */
export async function follow(session: Session, onStep: (step: Step) => void): Promise<void> {
  let progress: Progress | undefined;
  // An event may come in the same packet as the state, and so before the `await` below goes on.
  const early: Event[] = [];
  const take = (event: Event): void => {
    if (progress === undefined) {
      early.push(event);
      return;
    }
    const step = advance(progress, event);
    progress = step.progress;
    onStep({ ...step, event });
  };
  progress = begin((await session.watch((event) => take(event as Event))) as State);
  onStep({ progress, transitions: [] });
  early.forEach(take);
}
