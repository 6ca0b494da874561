import type { Session } from '../client/session.ts';
import { gatherLine } from '../gather/start.ts';
import type { Failure } from '../protocol/failure.ts';
import { isInfrastructure } from './exit-codes.ts';
import { say } from './print.ts';

/**
 * Gathers what is needed to understand a failure of the infrastructure, and says where it is. To be called while we
 * have our lease: what has not failed is still there to be looked at. Never rejects.
 */
export async function gatherFor({ welcome, file }: Session, failure: Failure): Promise<void> {
  // Who stops it on purpose has nothing to understand.
  if (!isInfrastructure(failure) || failure.code === 'STOPPED') return;
  say(await gatherLine({ logDir: welcome.logDir, file, reason: failure.message, failure, versions: {} }));
}
