import type { Session } from '../client/session.ts';
import type { ReadyReply } from '../protocol/messages.ts';

/** What a command sees: our own environment, the endpoints, the user's mapping, and how to find the coordinator. */
export function commandEnv(session: Session, ready: ReadyReply, run: string): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(inherited), ...ready.env, GREENROOM_FILE: session.file, GREENROOM_RUN: run };
}
