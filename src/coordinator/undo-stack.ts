import { within } from '../platform/deadline.ts';
import { describeError } from '../protocol/failure.ts';

interface UndoStep {
  readonly what: string;
  readonly undo: () => Promise<void> | void;
}

/** Steps registered before the acts they undo, run in reverse. A failing or late step never stops the others. */
export class UndoStack {
  private readonly steps: UndoStep[] = [];

  /** Returns what takes the step off, so that it can be undone before the others; false when it is not there any more. */
  push(what: string, undo: () => Promise<void> | void): () => boolean {
    const step = { what, undo };
    this.steps.push(step);
    return () => {
      const at = this.steps.lastIndexOf(step);
      return at !== -1 && this.steps.splice(at, 1).length > 0;
    };
  }

  /** Runs all, each within `ms`; returns what could not be undone. */
  async run(ms: number): Promise<readonly string[]> {
    const problems: string[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      const { what, undo } = step;
      try {
        await within(Promise.resolve(undo()), ms, () => {
          throw new Error(`not undone within ${ms} ms`);
        });
      } catch (error) {
        problems.push(`${what}: ${describeError(error)}`);
      }
    }
    return problems;
  }
}
