import { byHand, serverOf, type Env } from './edges.ts';
import { greenroom } from './greenroom.ts';
import { ended, reportsIn, until } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 12;

interface Asked {
  readonly failed: number;
}

/** A health check asks on one connection: it says 200 of a server that serves one at a time, and of one that has room. */
export const R1d: Story = {
  id: 'R1d',
  title: 'blind health check: a server that serves one connection at a time is healthy',
  loss: 'processes with an error',
  runs: 3,
  plain: (fault) => ofServers(fault, healthy),
  greenroom: (fault) => ofServers(fault, gated),
  expected: { 'said too small': 1 },
};

interface Verdict {
  /** Processes that were let go, and got no answer. */
  readonly lost: number;
  readonly tooSmall: boolean;
}

async function ofServers(fault: boolean, judge: (stage: Stage, env: Env) => Promise<Verdict>): Promise<Outcome> {
  const servers = fault ? ['HTTPServer', 'ThreadingHTTPServer'] : ['ThreadingHTTPServer'];
  const verdicts: Verdict[] = [];
  for (const SERVER of servers) {
    const env = { SERVER, PROCESSES: String(PROCESSES) };
    verdicts.push(await onStage('R1d', (stage) => judge(stage, env)));
  }
  return {
    total: servers.length * PROCESSES,
    lost: verdicts.reduce((sum, { lost }) => sum + lost, 0),
    counts: { 'said too small': verdicts.filter(({ tooSmall }) => tooSmall).length },
  };
}

/** As it is usually done: wait until the health check says 200, then go. */
async function healthy(stage: Stage, env: Env): Promise<Verdict> {
  const server = await serverOf(stage, ['python3', '../shared/http_server.py'], env);
  await until('the server to be healthy', async () => {
    const { ok } = await fetch(`${server.url}/health`, { headers: { connection: 'close' } });
    return ok ? true : undefined;
  });
  const reports = await byHand<Asked>(stage, PROCESSES, { ...env, LLM_URL: server.url });
  await server.stop();
  return { lost: lostOf(reports), tooSmall: false };
}

async function gated(stage: Stage, env: Env): Promise<Verdict> {
  const command = ['exec', '--procs', String(PROCESSES), '--', 'node', 'worker.mjs'];
  const { code, stdout, stderr } = await ended(greenroom(stage, 'exec', command, env));
  // Who was not let go has lost nothing, if it was for this reason.
  const tooSmall = code === 12 && stderr.includes('capacity of llm: 1 < 24');
  return { lost: tooSmall ? 0 : lostOf(reportsIn(stdout) as readonly Asked[]), tooSmall };
}

const lostOf = (reports: readonly Asked[]): number => PROCESSES - reports.filter(({ failed }) => failed === 0).length;
