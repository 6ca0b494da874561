import type { Origin } from '../protocol/baggage.ts';
import { current } from '../vitest/worker/current.ts';
import { currentTry, origin } from '../vitest/worker/origin.ts';

/** Another slot or spec than the one that runs. */
export type Whose = { readonly slot?: number; readonly spec?: string | undefined };

/** Who scripts, as the server is told. */
export interface Who extends Origin {
  readonly lease?: string;
  readonly since?: number;
}

/**
 * Who calls now.
 *
 * @param end Is called when the spec that runs is over; once for each `key`.
 * @throws Error when there is no slot
 */
export function scripter(whose: Whose, end: () => Promise<unknown>, key: string): Who {
  const running = 'spec' in whose ? undefined : currentTry();
  const slot = whose.slot ?? origin()?.slot ?? slotOfEnvironment();
  if (slot === undefined) {
    throw new Error(
      'nobody knows whose answers these are: give `script` a slot, as in `script(endpoint, { slot: 1 })`',
    );
  }
  running?.atEnd.set(key, end);
  const spec = whose.spec ?? running?.spec;
  const lease = current.membership?.welcome?.lease;
  return {
    slot,
    ...(spec === undefined ? {} : { spec }),
    ...(lease === undefined || whose.slot !== undefined ? {} : { lease }),
    ...(running === undefined ? {} : { since: running.since }),
  };
}

/** Where `greenroom exec` has started this process. */
function slotOfEnvironment(): number | undefined {
  const { GREENROOM_SLOT: slot } = process.env;
  return slot === undefined ? undefined : Number(slot);
}
