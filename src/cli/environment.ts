import type { Session } from '../client/session.ts';
import { ownEnv } from '../platform/own-env.ts';
import type { ReadyReply } from '../protocol/messages.ts';

/** What a command sees: our own environment, the endpoints, the user's mapping, and how to find the coordinator. */
export function commandEnv(session: Session, ready: ReadyReply, run: string): Record<string, string> {
  return { ...ownEnv(), ...ready.env, GREENROOM_FILE: session.file, GREENROOM_RUN: run };
}
