/**
 * A member in a process of its own, steered by lines on its standard input: `member.ts ROLE RUN [CONFIG_DIR]`. As a
 * runner, it says that its run has `WORKERS` workers.
 * Says what happens to it as JSON lines: joined, ready, failed, lost.
 */
import { createInterface } from 'node:readline';
import { connectWorker } from '../../src/client/worker.ts';
import { join } from '../../src/client/join.ts';
import type { HealthAsked, IncidentsAsked, Session, WaitFor } from '../../src/client/session.ts';
import type { ChaosAct } from '../../src/protocol/messages.ts';
import { loadConfig } from '../../src/config/load.ts';
import { toPlan } from '../../src/config/plan.ts';
import { toFailure } from '../../src/protocol/failure.ts';

const [role = 'runner', run = 'test', dir = process.cwd()] = process.argv.slice(2);
const say = (kind: string, value: unknown): void => void process.stdout.write(`${JSON.stringify({ kind, value })}\n`);
const failed = (error: unknown): void => say('failed', toFailure(error, 'RESOURCE_START_FAILED'));

async function enter(): Promise<Session> {
  const file = process.env['GREENROOM_FILE'];
  const lease = process.env['GREENROOM_LEASE'];
  if (role === 'worker' && file !== undefined) {
    return connectWorker(file, { run, ...(lease === undefined ? {} : { lease }) });
  }
  const plan = await toPlan(await loadConfig(dir));
  if (role === 'worker') return join(plan, { role, run });
  const workers = process.env['WORKERS'];
  return join(plan, { role: 'runner', run, ...(workers === undefined ? {} : { workers: Number(workers) }) });
}

try {
  const session = await enter();
  say('joined', { ...session.welcome, file: session.file, ticket: session.lease });
  void session.lost.then((failure) => say('lost', failure));
  for await (const line of createInterface(process.stdin)) {
    const { order, request, asked } = JSON.parse(line) as {
      order: string;
      request?: WaitFor;
      asked?: IncidentsAsked & HealthAsked & { readonly act: ChaosAct };
    };
    if (order === 'leave') process.exit(0);
    if (order === 'wait' && request) session.wait(request).then((reply) => say('ready', reply), failed);
    if (order === 'hold') await session.hold(null).then(() => say('held', null), failed);
    if (order === 'retry') await session.retry().then(() => say('retried', null), failed);
    if (order === 'finish') session.finish().then((reply) => say('finished', reply), failed);
    if (order === 'release') await session.release('file');
    if (order === 'report') await session.report({ code: 'FUNCTION_FAILED', message: 'told late' });
    if (order === 'incidents' && asked) session.incidents(asked).then((all) => say('incidents', all), failed);
    if (order === 'health' && asked) session.health(asked).then((count) => say('healthy', count), failed);
    if (order === 'rest') await session.rest().then(() => say('rested', null), failed);
    if (order === 'chaos' && asked) session.chaos(asked.resource, asked.act).then(() => say('done', asked.act), failed);
    if (order === 'changed') say('changed', session.takeChanged());
    if (order === 'status') say('status', await session.status());
    if (order === 'block') for (const end = Date.now() + 1_500; Date.now() < end;);
  }
} catch (error) {
  failed(error);
  process.exitCode = 1;
}
