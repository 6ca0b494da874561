/** What an exchange goes through before it reaches the server. */
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { OwnAnswer } from './answers.ts';
import type { Core } from './core.ts';
import type { Draft } from './draft.ts';
import type { Effect } from './fault.ts';
import type { Turn } from './turns.ts';

/**
 * What a script does before the server is asked. Resolves with true when it is not to be asked any more: the
 * connection is closed, or nothing is ever answered.
 */
export async function held(
  effect: Effect | undefined,
  draft: Draft,
  socket: Socket,
  gone: AbortSignal,
): Promise<boolean> {
  switch (effect?.kind) {
    case 'refuse':
      draft.close('refused', 'as scripted');
      socket.destroy();
      return true;
    case 'reset':
      draft.close('refused', 'as scripted');
      socket.resetAndDestroy();
      return true;
    case 'hang':
      return true;
    case 'delay':
      await pause(effect.ms, undefined, { signal: gone }).catch(() => undefined);
      return gone.aborted;
    default:
      return gone.aborted;
  }
}

/** Waits for its turn, where not all may go to the server at once. */
export async function enter(
  { turns }: Core,
  draft: Draft,
  gone: AbortSignal,
): Promise<{ readonly leave: Turn } | { readonly refused: OwnAnswer }> {
  if (turns === undefined) return { leave: () => undefined };
  const now = turns.now();
  if (now !== undefined) return { leave: now };
  const since = draft.elapsed;
  try {
    const leave = await turns.wait(draft.beginning.slot, gone);
    draft.queued = draft.elapsed - since;
    if (!gone.aborted) return { leave };
    leave();
    return { refused: tooMany('the client is gone') };
  } catch (error) {
    draft.queued = draft.elapsed - since;
    return { refused: tooMany((error as Error).message) };
  }
}

const tooMany = (message: string): OwnAnswer => ({ status: 503, code: 'CAPACITY', message });
