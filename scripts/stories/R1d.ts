import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { greenroom } from './greenroom.ts';
import { ended, report, reportsIn, start, until } from './processes.ts';
import { onStage, REPOSITORY, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 12;

interface Specs {
  readonly failed: number;
}

/** A health check asks on one connection: it says 200 of a server that serves one at a time, and of one that has room. */
export const R1d: Story = {
  id: 'R1d',
  title: 'blind health check: a server that serves one connection at a time is healthy',
  loss: 'processes whose requests fail',
  runs: 3,
  plain: (fault) => ofServers(fault, healthy),
  greenroom: (fault) => ofServers(fault, gated),
  expected: { 'said too small': 1 },
};

interface Verdict {
  /** Processes whose requests have failed, of those that were let go. */
  readonly lost: number;
  readonly tooSmall: boolean;
  /** Milliseconds until it was known. */
  readonly took: number;
}

async function ofServers(fault: boolean, judge: (stage: Stage, kind: string) => Promise<Verdict>): Promise<Outcome> {
  const kinds = fault ? ['single', 'threading'] : ['threading'];
  const verdicts: Verdict[] = [];
  for (const kind of kinds) {
    verdicts.push(
      await onStage('R1d', async (stage) => {
        await copyFile(join(REPOSITORY, 'fixtures/servers/http_server.py'), join(stage.dir, 'http_server.py'));
        return await judge(stage, kind);
      }),
    );
  }
  const [first] = verdicts;
  return {
    total: kinds.length * PROCESSES,
    lost: verdicts.reduce((sum, { lost }) => sum + lost, 0),
    counts: { 'said too small': verdicts.filter(({ tooSmall }) => tooSmall).length },
    measured: { 'ms to the verdict': first?.took ?? Number.NaN },
  };
}

/** As it is usually done: wait until the health check says 200, then go. */
async function healthy(stage: Stage, kind: string): Promise<Verdict> {
  const PORT = String(await stage.port());
  const API_URL = `http://127.0.0.1:${PORT}`;
  const server = start(stage, 'server', ['python3', 'http_server.py', kind], { PORT });
  try {
    const since = Date.now();
    await until('the server to be healthy', async () => {
      const response = await fetch(API_URL, { headers: { connection: 'close' } }).catch(() => undefined);
      await response?.text();
      return response?.ok === true ? true : undefined;
    });
    const took = Date.now() - since;
    const clients = Array.from({ length: PROCESSES }, (_, index) =>
      start(stage, `client ${index + 1}`, ['node', 'client.mjs'], { API_URL, PROCESSES: String(PROCESSES) }),
    );
    const reports = await Promise.all(clients.map((client) => report<Specs>(client)));
    return { lost: failedIn(reports), tooSmall: false, took };
  } finally {
    server.process.kill('SIGKILL');
    await server.process;
  }
}

async function gated(stage: Stage, KIND: string): Promise<Verdict> {
  const since = Date.now();
  const command = ['exec', '--procs', String(PROCESSES), '--', 'node', 'client.mjs'];
  const { code, stdout, stderr } = await ended(
    greenroom(stage, 'exec', command, { KIND, PROCESSES: String(PROCESSES) }),
  );
  const tooSmall = code === 12 && stderr.includes('capacity of api: 1 < 24');
  const reports = reportsIn(stdout) as readonly Specs[];
  // Who was not let go has lost nothing, but for no other reason than this one.
  const silent = tooSmall ? 0 : PROCESSES - reports.length;
  return { lost: failedIn(reports) + silent, tooSmall, took: Date.now() - since };
}

const failedIn = (reports: readonly Specs[]): number => reports.filter(({ failed }) => failed > 0).length;
