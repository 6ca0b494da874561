/**
 * The config host: runs the functions of the user's config, one process a generation. Started by the coordinator as
 * `config-host GENERATION_FILE CONFIG_FILE`; connects back to it and answers its calls. Ends with the connection.
 */
import { connect } from 'node:net';
import { readGeneration } from '../src/client/generations.ts';
import { importConfig } from '../src/config/import.ts';
import { callWithAvailable } from '../src/config/partial.ts';
import { functionAt } from '../src/config/resolve.ts';
import { describeError, isGreenroomError, type Failure } from '../src/protocol/failure.ts';
import { PROTOCOL_VERSION, type FromCoordinator, type HostAnswer } from '../src/protocol/messages.ts';
import { lineReader, toLine } from '../src/protocol/ndjson.ts';
import type { Endpoints, Json } from '../src/protocol/plan.ts';

const [generationFile = '', configFile = ''] = process.argv.slice(2);
const generation = readGeneration(generationFile);
if (generation === undefined) throw new Error(`no generation file at ${generationFile}`);

const importing = importConfig(configFile);
// Told to each call; until then it must not count as unhandled.
importing.catch(() => undefined);

const socket = connect({ path: generation.socket });
const send = (message: HostAnswer): void => void socket.write(toLine(message));

socket.once('connect', () => {
  socket.write(toLine({ type: 'hello', v: PROTOCOL_VERSION, token: generation.token, role: 'host', pid: process.pid }));
});
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(0));
socket.on(
  'data',
  lineReader(
    (line) => void receive(JSON.parse(line) as FromCoordinator),
    () => process.exit(1),
  ),
);

async function receive(message: FromCoordinator): Promise<void> {
  if (message.type !== 'call') return;
  const { call, fn, args } = message;
  try {
    const value = await run(await importing, fn.$function, args);
    send({ type: 'result', call, value: (value ?? null) as Json });
  } catch (error) {
    console.error(error);
    send({ type: 'threw', call, failure: thrownBy(fn.$function, error) });
  }
}

/** An error of ours is told as it is; the user's with the function it came from. */
function thrownBy(fn: string, error: unknown): Failure {
  if (isGreenroomError(error)) return error.failure;
  const message = `${fn} of the config threw: ${describeError(error)}`;
  return { code: 'FUNCTION_FAILED', message, subject: fn, hint: `it is in ${configFile}` };
}

/** What specs see is computed from what is there: the one function that may be called with a part of the graph. */
function run(config: object, path: string, args: readonly Json[]): unknown {
  const fn = functionAt(config, path);
  if (path !== 'env') return fn(...args);
  const { resources } = config as { resources: object };
  return callWithAvailable(fn, args[0] as Endpoints, Object.keys(resources));
}
