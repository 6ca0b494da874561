import { Queue } from './queue.ts';
import type { Api, Script } from './scenario.ts';

/** One request that was asked. */
export interface Call {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly api: Api;
  /** Name of what answered it; null when nothing did. */
  readonly scenario: string | null;
  /** The body as it was sent: as text, which takes a fraction of what it takes parsed. */
  readonly text: string;
}

/** What is kept of one spec, of one slot outside of its specs, or of nobody. */
export class Page {
  readonly scripts: Script[] = [];
  /** How often each script has answered here; of what all share, each page has its own count. */
  readonly uses = new Map<Script, number>();
  readonly calls = new Queue<Call>();
  /** Calls that are not kept any more. */
  dropped = 0;
  /** It has scripted, or asked for its calls. */
  open = false;
  forceText: boolean | undefined;
  /** Takes it off where it stands, once nothing is in it. */
  readonly remove: () => void;

  constructor(remove: () => void = () => undefined) {
    this.remove = remove;
  }

  get isEmpty(): boolean {
    return !this.open && this.calls.size === 0;
  }
}
