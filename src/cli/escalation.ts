/**
 * The three levels in which a signal to us ends the commands: cancel (the first signal), report only (the second,
 * or the grace period is over), bail (SIGKILL). A pure machine; `supervise.ts` carries out what it says.
 */
type Level = 'running' | 'cancel' | 'report' | 'bail';

export interface Escalation {
  readonly level: Level;
  /** What is forwarded when the grace period is over. */
  readonly signal: NodeJS.Signals;
}

export type Pressure =
  /** `delivered`: the terminal has sent it to the command as well, which shares our process group. */
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals; readonly delivered: boolean }
  | { readonly kind: 'grace-over' }
  /** The infrastructure is gone, so the command has to go too. */
  | { readonly kind: 'lost' };

export type Act =
  | { readonly do: 'forward'; readonly signal: NodeJS.Signals }
  /** Start the grace period anew. */
  | { readonly do: 'wait' }
  | { readonly do: 'kill' };

/** Before anything happened. */
export const CALM: Escalation = { level: 'running', signal: 'SIGTERM' };

/** One step up, or none. */
export function escalate(now: Escalation, pressure: Pressure): { next: Escalation; acts: readonly Act[] } {
  const signal = pressure.kind === 'signal' ? pressure.signal : now.signal;
  const forward: Act[] = pressure.kind === 'signal' && pressure.delivered ? [] : [{ do: 'forward', signal }];
  switch (now.level) {
    case 'running':
      if (pressure.kind === 'grace-over') return { next: now, acts: [] };
      return { next: { level: 'cancel', signal }, acts: [...forward, { do: 'wait' }] };
    case 'cancel':
      if (pressure.kind === 'lost') return { next: now, acts: [] };
      return { next: { level: 'report', signal }, acts: [...forward, { do: 'wait' }] };
    case 'report':
      if (pressure.kind === 'lost') return { next: now, acts: [] };
      return { next: { level: 'bail', signal }, acts: [{ do: 'kill' }] };
    case 'bail':
      return { next: now, acts: [] };
  }
}
