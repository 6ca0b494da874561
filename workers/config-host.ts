/**
 * The config host: runs the functions of the user's config, one process a generation. Started by the coordinator as
 * `config-host GENERATION_FILE CONFIG_FILE [SUITE_MODULE]`; connects back to it and answers its calls. Ends with the connection.
 */
import { connect } from 'node:net';
import { readGeneration } from '../src/client/generations.ts';
import { importConfig } from '../src/config/import.ts';
import { callWithAvailable } from '../src/config/partial.ts';
import { functionAt } from '../src/config/resolve.ts';
import { describeError, GreenroomError, isGreenroomError, type Failure } from '../src/protocol/failure.ts';
import { MAX_LINE_BYTES, PROTOCOL_VERSION, type FromCoordinator, type HostAnswer } from '../src/protocol/messages.ts';
import { fits, lineReader, toLine } from '../src/protocol/ndjson.ts';
import type { Endpoints, Json } from '../src/protocol/plan.ts';
import { SuiteHost } from '../src/suite/host.ts';

const [generationFile = '', configFile = '', suiteModule = ''] = process.argv.slice(2);
/** Longest message of an error that is told; the log has all of it. */
const LONGEST_MESSAGE = 4_000;
const generation = readGeneration(generationFile);
if (generation === undefined) throw new Error(`no generation file at ${generationFile}`);

const importing = importConfig(configFile);
// Told to each call; until then it must not count as unhandled.
importing.catch(() => undefined);

const suite = new SuiteHost(suiteModule);

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
    const value = isOfSuite(fn.$function)
      ? await runSuite(fn.$function, args)
      : await run(await importing, fn.$function, args);
    socket.write(resultLine(call, fn.$function, value));
  } catch (error) {
    console.error(error);
    send({ type: 'threw', call, failure: thrownBy(fn.$function, error) });
  }
}

/** An error of ours is told as it is; the user's with the function it came from. */
function thrownBy(fn: string, error: unknown): Failure {
  if (isGreenroomError(error)) return error.failure;
  const message = `${fn} of the config threw: ${describeError(error).slice(0, LONGEST_MESSAGE)}`;
  return { code: 'FUNCTION_FAILED', message, subject: fn, hint: `it is in ${configFile}` };
}

/** A line that the coordinator cannot take would end the connection, and with it all that lives here. */
function resultLine(call: number, fn: string, value: unknown): string {
  const json = JSON.stringify(value ?? null) as string | undefined;
  if (json === undefined) throw unusable(fn, `is a ${typeof value}, which is no JSON`);
  const line = toLine({ type: 'result', call, value: value ?? null });
  if (!fits(line)) throw unusable(fn, `exceeds ${MAX_LINE_BYTES} bytes`);
  return line;
}

function unusable(fn: string, why: string): GreenroomError {
  const [what, file] = isOfSuite(fn)
    ? ['the `once` body of synchronizedBeforeSuite', suiteModule]
    : [`${fn} of the config`, configFile];
  return new GreenroomError({
    code: 'FUNCTION_FAILED',
    message: `what ${what} returned ${why}`,
    subject: isOfSuite(fn) ? 'suite' : fn,
    hint: `it is in ${file}`,
  });
}

const isOfSuite = (path: string): boolean => path.startsWith('suite.');

async function runSuite(path: string, [endpoints, timeout]: readonly Json[]): Promise<unknown> {
  switch (path) {
    case 'suite.before':
      return suite.before(endpoints as Endpoints, Number(timeout));
    case 'suite.after':
      return suite.after(endpoints as Endpoints, Number(timeout));
    default:
      return suite.cleanUp(Number(timeout));
  }
}

/** What specs see is computed from what is there: the one function that may be called with a part of the graph. */
function run(config: object, path: string, args: readonly Json[]): unknown {
  const fn = functionAt(config, path);
  if (path !== 'env') return fn(...args);
  const { resources } = config as { resources: object };
  return callWithAvailable(fn, args[0] as Endpoints, Object.keys(resources));
}
