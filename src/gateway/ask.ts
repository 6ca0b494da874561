/** Asks a gateway on its control socket. */
import { askSocket, refusal } from '../control/client.ts';
import { GreenroomError } from '../protocol/failure.ts';
import type { Asked } from './schema.ts';

/**
 * @param within milliseconds
 * @throws GreenroomError GATEWAY_REFUSED with what is wrong with the question; GATEWAY_LOST when nobody answers
 */
export async function askGateway<P extends keyof Asked>(
  socket: string,
  path: P,
  question: Asked[P],
  within = 5_000,
): Promise<unknown> {
  const answer = await askSocket(socket, path, question, within).catch((error: Error) => {
    throw failure('GATEWAY_LOST', `the gateway at ${socket} does not answer: ${error.message}`);
  });
  if (answer.status === 200) return answer.value;
  throw failure('GATEWAY_REFUSED', `the gateway refused: ${refusal(answer)}`);
}

function failure(code: 'GATEWAY_LOST' | 'GATEWAY_REFUSED', message: string): GreenroomError {
  const hint =
    code === 'GATEWAY_LOST'
      ? 'it ends with its resource: `greenroom status` tells what became of that'
      : 'docs/gateway.md has the faults and their options';
  return new GreenroomError({ code, message, hint });
}
