import { byHand, onGreenroom, serverOf, type Env } from './edges.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 12;

/** What every process knows. */
const COMMON = { PROCESSES: String(PROCESSES) };

/** One thread, which serves one connection until that is closed; and two servers that are known to hold. */
const ONE_THREAD = { SERVER: 'HTTPServer', PROTOCOL: 'HTTP/1.1' };
const CONTROLS = {
  'HTTP/1.0': { SERVER: 'HTTPServer', PROTOCOL: 'HTTP/1.0' },
  threads: { SERVER: 'ThreadingHTTPServer', PROTOCOL: 'HTTP/1.1' },
};

/** Twelve processes keep their connections to a server that has one thread, so that it waits for the wrong one. */
export const R1: Story = {
  id: 'R1',
  title: 'a server with one thread: twelve processes ask three times each, and keep their connections',
  loss: 'processes with an error',
  runs: 5,
  plain: (fault) => onEach(fault, plain),
  greenroom: (fault) => onEach(fault, queued),
};

async function onEach(fault: boolean, act: (stage: Stage, env: Env) => Promise<readonly Asked[]>): Promise<Outcome> {
  const counts: Record<string, number> = {};
  let [total, lost] = [0, 0];
  for (const [name, env] of Object.entries(fault ? { 'one thread': ONE_THREAD } : CONTROLS)) {
    const reports = await onStage('R1', (stage) => act(stage, env));
    const hit = PROCESSES - reports.filter(({ failed }) => failed === 0).length;
    counts[`lost, ${name}`] = hit;
    total += PROCESSES;
    lost += hit;
  }
  return { total, lost, counts };
}

interface Asked {
  readonly failed: number;
}

async function plain(stage: Stage, env: Env): Promise<readonly Asked[]> {
  const server = await serverOf(stage, ['python3', 'server.py'], env);
  const reports = await byHand<Asked>(stage, PROCESSES, { ...COMMON, LLM_URL: server.url });
  await server.stop();
  return reports;
}

function queued(stage: Stage, env: Env): Promise<readonly Asked[]> {
  return onGreenroom(stage, PROCESSES, { ...COMMON, ...env });
}
