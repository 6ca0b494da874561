/** How the control of a mock LLM is asked, by whoever has its endpoint. Loads nothing but Node. */
import { askSocket, refusal } from '../../control/client.ts';

/** Milliseconds. What it is asked takes it less than one, but a machine can have a lot of other work. */
const ANSWER_MS = 60_000;

/**
 * Asks the control socket.
 *
 * @param control Path of the socket.
 * @throws Error that says what it refused, or that nobody answers there.
 */
export async function askControl(control: string, path: string, order: object): Promise<unknown> {
  const answer = await askSocket(control, path, order, ANSWER_MS);
  if (answer.status === 200) return answer.value;
  throw new Error(refusal(answer));
}
