import { byHand, onGreenroom, serverOf, type Env } from './edges.ts';
import { onStage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const PROCESSES = 12;

/** What every process knows. */
const COMMON = { PROCESSES: String(PROCESSES) };

/** Servers that do not hold twelve processes, and those that do, by name: their environment. */
interface Servers {
  readonly command: readonly [string, ...string[]];
  readonly faults: Readonly<Record<string, Env>>;
  readonly controls: Readonly<Record<string, Env>>;
}

interface Asked {
  readonly failed: number;
}

/** Twelve processes ask each of these servers three times: directly, and through a gateway on Greenroom. */
export function twelveAsk(id: string, servers: Servers): Pick<Story, 'loss' | 'plain' | 'greenroom'> {
  const play = async (fault: boolean, act: (env: Env) => Promise<readonly Asked[]>): Promise<Outcome> => {
    const counts: Record<string, number> = {};
    const cases = Object.entries(fault ? servers.faults : servers.controls);
    for (const [name, env] of cases) {
      counts[`lost, ${name}`] = PROCESSES - (await act(env)).filter(({ failed }) => failed === 0).length;
    }
    const lost = Object.values(counts).reduce((sum, one) => sum + one, 0);
    return { total: cases.length * PROCESSES, lost, counts };
  };
  return {
    loss: 'processes with an error',
    plain: (fault) =>
      play(fault, (env) =>
        onStage(id, async (stage) => {
          const server = await serverOf(stage, servers.command, env);
          const reports = await byHand<Asked>(stage, PROCESSES, { ...COMMON, LLM_URL: server.url });
          await server.stop();
          return reports;
        }),
      ),
    greenroom: (fault) =>
      play(fault, (env) => onStage(id, (stage) => onGreenroom<Asked>(stage, PROCESSES, { ...COMMON, ...env }))),
  };
}
