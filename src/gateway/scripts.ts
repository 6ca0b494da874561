import { strikes, type Fault } from './fault.ts';

/** Whose exchanges a fault is for. Without a slot: those that nobody's are. */
export interface Whose {
  readonly slot?: number;
  readonly spec?: string;
}

interface Script {
  readonly slot: number | undefined;
  readonly fault: Fault;
  seen: number;
  struck: number;
}

/** The faults that are scripted now. */
export class Scripts {
  private scripts: Script[] = [];

  add(slot: number | undefined, fault: Fault): void {
    this.scripts.push({ slot, fault, seen: 0, struck: 0 });
  }

  /** Forgets those of a slot; of one spec only, if it is named. */
  clear({ slot, spec }: Whose): void {
    this.scripts = this.scripts.filter(
      (script) => script.slot !== slot || (spec !== undefined && script.fault.spec !== spec),
    );
  }

  /** What happens to the next exchange: the first fault whose turn it is. Each that it is for counts it. */
  next(whose: Whose): Fault | undefined {
    let chosen: Fault | undefined;
    for (const script of this.scripts) {
      const { slot, fault } = script;
      if (slot !== whose.slot || (fault.spec !== undefined && fault.spec !== whose.spec)) continue;
      const hit = strikes(fault.when ?? 'always', script.seen);
      script.seen += 1;
      if (chosen !== undefined || !hit || script.struck >= (fault.times ?? Infinity)) continue;
      script.struck += 1;
      chosen = fault;
    }
    return chosen;
  }
}
