import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Candidacy } from '../client/start-coordinator.ts';
import { faultPoint } from '../platform/fault.ts';
import { describeError } from '../protocol/failure.ts';
import { ledgerName } from '../protocol/generation-file.ts';
import { SUITE } from '../protocol/plan.ts';
import { bury, stand, type Elected } from './candidacy.ts';
import { ConfigHost } from './config-host.ts';
import { Dispatcher } from './dispatcher.ts';
import { Edge } from './edge.ts';
import { EventLog } from './event-log.ts';
import { watchForFrozen } from './freeze-watch.ts';
import { graphOf } from './graph-of-plan.ts';
import { mostWorkers } from './leases.ts';
import { Ledger } from './ledger.ts';
import { reap, reapOtherKeys, sweep } from './reaper.ts';
import { initialState } from './reducer.ts';
import { markLogs, recordPlan } from './records.ts';
import { readyEndpoints } from './publisher.ts';
import type { Surroundings } from './resource-context.ts';
import { clearLogs, pruneLogs } from './retention.ts';
import { Door } from './server.ts';

/**
 * The coordinator's life: stands for its generation and, when elected, reaps the last one and serves until nobody
 * uses it any more. `announce` is told the outcome of the election, once.
 */
export async function coordinate(candidacy: Candidacy, announce: (won: boolean) => void): Promise<void> {
  const server = createServer();
  const elected = await stand(candidacy, server);
  announce(elected !== undefined);
  if (elected === undefined) return;

  const { plan, keyDir, generation: number, logDir } = candidacy;
  clearLogs(logDir);
  recordPlan(logDir, plan, warn);
  const ledgerFile = join(keyDir, ledgerName(number));
  const ledger = new Ledger(ledgerFile);
  const dispatcher = new Dispatcher(initialState(graphOf(plan)), new EventLog(logDir, warn));
  const note: Surroundings['note'] = (subject, text, lasting) =>
    dispatcher.dispatch({ kind: 'note', subject, text, ...(lasting === undefined ? {} : { lasting }) });
  const host = new ConfigHost({ plan, generation: elected.generation, ledger }, elected.file, (failure) =>
    edge.customResourcesLost(failure),
  );
  const around: Surroundings = {
    plan,
    generation: elected.generation,
    ledger,
    call: (fn, args, timeout) => host.call(fn, args, timeout),
    note,
    expectedWorkers: () => mostWorkers(plan.workers, dispatcher.state),
    endpoints: () => readyEndpoints(dispatcher.state),
    flushed: (resource, outcome) => dispatcher.dispatch({ kind: 'flushed', resource, ...outcome }),
    built: (resource, fact) => dispatcher.dispatch({ kind: 'built', resource, fact }),
  };
  const door = new Door(elected, dispatcher, host, (resources, lease) => edge.checkHealth(resources, lease));
  const edge = new Edge(around, dispatcher, {
    reply: (member, request, value) => door.reply(member, request, value),
    fail: (member, request, failure) => door.fail(member, request, failure),
    changed: (resource, lease) => door.changed(resource, lease),
    dismiss: (member, failure) => door.dismiss(member, failure),
    closeDoor: () => {
      faultPoint('stop.begun');
      door.close(server);
    },
    exit: () => void end(),
  });
  const hasFunctions = plan.suiteModule !== undefined || JSON.stringify(plan).includes('"$function"');
  dispatcher.carryOut = (effect) => {
    // So that importing the config goes on beside the start of the first resources.
    if (effect.do === 'start' && hasFunctions) host.warmUp();
    edge.carryOut(effect);
  };
  dispatcher.watch(({ kind }) => {
    if (kind === 'retry') edge.forgetEnv();
    if (kind === 'joined') edge.forgetFlushes();
  });
  dispatcher.watch(markLogs(logDir));
  let leftBehind = false;
  dispatcher.watch((event) => {
    // What fails in the suite's own bodies leaves nothing of ours behind.
    leftBehind ||= event.kind === 'cleaned' && event.resource !== SUITE && event.problems !== undefined;
  });
  const stopWatching = watchForFrozen(dispatcher, plan.leaseTimeout);

  const end = async (): Promise<void> => {
    stopWatching();
    await host.stop();
    faultPoint('stop.last');
    leave(elected, leftBehind ? undefined : ledgerFile, dispatcher.state.stopReason ?? 'ended');
    process.exit(0);
  };
  process.on('SIGTERM', () => dispatcher.dispatch({ kind: 'stop', reason: 'SIGTERM to the coordinator' }));

  // NOTE: nothing is awaited between the election and this, so no connection can have come before.
  door.open(server);
  note('generation', `${plan.key} ${number} ${elected.generation.nonce} from ${plan.configFile}`);
  faultPoint('election.reaping');
  await reap(keyDir, number, (text) => note('reaper', text));
  await reapOtherKeys(keyDir, (text) => note('reaper', text));
  prune(plan.root, dirname(keyDir), logDir);
  dispatcher.dispatch({ kind: 'elected' });
}

/**
 * Removes what this generation left in the runtime directory; its file stays as a tombstone. The ledger stays too
 * where something could not be removed: the next generation tries again.
 */
function leave(elected: Elected, ledgerFile: string | undefined, reason: string): void {
  try {
    bury(elected, reason);
  } catch (error) {
    warn(`the generation file could not be marked as ended: ${describeError(error)}`);
  }
  if (ledgerFile !== undefined) rmSync(ledgerFile, { force: true });
  rmSync(elected.generation.socket, { force: true });
  sweep(dirname(elected.file), elected.generation.generation);
}

/** Old logs that cannot be removed cost space, never a run. */
function prune(root: string, runtime: string, logDir: string): void {
  try {
    pruneLogs(root, runtime, logDir);
  } catch (error) {
    warn(`old logs could not be removed: ${describeError(error)}`);
  }
}

function warn(text: string): void {
  console.error(`warning: ${text}`);
}
