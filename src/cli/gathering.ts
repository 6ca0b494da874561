import type { Session } from '../client/session.ts';
import { loadConfig } from '../config/load.ts';
import { toPlan } from '../config/plan.ts';
import { gatherLine } from '../gather/start.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { secretsIn } from '../protocol/redact.ts';
import { isInfrastructure } from './exit-codes.ts';
import { say } from './print.ts';

/**
 * Gathers what is needed to understand a failure of the infrastructure, and says where it is. To be called while we
 * have our lease: what has not failed is still there to be looked at. Never rejects.
 */
export async function gatherFor({ welcome, file }: Session, plan: Plan, failure: Failure): Promise<void> {
  // Who stops it on purpose has nothing to understand.
  if (!isInfrastructure(failure) || failure.code === 'STOPPED') return;
  const { logDir } = welcome;
  const secrets = secretsIn(plan);
  say(await gatherLine({ logDir, file, reason: failure.message, failure, secrets, versions: {} }));
}

/** What stands under telling names in the config as it is now. One that is broken by now tells none. */
export async function knownSecrets(config: string | undefined): Promise<readonly string[]> {
  try {
    return secretsIn(await toPlan(await loadConfig(process.cwd(), config)));
  } catch {
    return [];
  }
}
