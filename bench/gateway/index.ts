import { fileURLToPath } from 'node:url';
import type { Effort } from '../effort.ts';
import { load } from '../load.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, percentile, repeat, timed } from '../stats.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
/** One server, and a gateway in front of the same. */
const CONFIG = `(() => {
  const direct = greenroom.command({ run: [process.execPath, ${JSON.stringify(SERVER)}] });
  const fronted = greenroom.custom({ needs: { direct }, start: ({ direct: { url } }) => ({ url }), gateway: {} });
  return { resources: { direct, fronted }, linger: 0 };
})()`;

/** Short ones by turns, so that both have the machine as it is at the time. */
const TURNS = 5;
const CONNECTIONS = 12;

/** What a gateway costs. */
export const gateway: readonly ((effort: Effort) => Promise<Row[]>)[] = [addedLatency, throughput];

/** One request after the other. */
function addedLatency({ rounds }: Effort): Promise<Row[]> {
  return withBoth(async (direct, fronted) => {
    const turns = await byTurns((port) => load(rounds, { port, path: '/', connections: 1 }), direct, fronted);
    const [without, through] = [turns.flatMap((turn) => turn.direct), turns.flatMap((turn) => turn.fronted)];
    return [0.5, 0.99].map((fraction) => {
      const [bare, all] = [percentile(without, fraction), percentile(through, fraction)];
      return {
        name: `latency that the gateway adds, p${fraction * 100}`,
        value: round(all - bare),
        unit: 'ms',
        note: `${round(all)} ms, direct ${round(bare)} ms, of ${without.length}`,
      };
    });
  });
}

/** Twelve connections at once. */
function throughput({ rounds: requests }: Effort): Promise<Row[]> {
  return withBoth(async (direct, fronted) => {
    const rate = async (port: number): Promise<number> =>
      (requests / (await timed(() => load(requests, { port, path: '/', connections: CONNECTIONS })))) * 1_000;
    const turns = await byTurns(rate, direct, fronted);
    const [bare, through] = [median(turns.map((turn) => turn.direct)), median(turns.map((turn) => turn.fronted))];
    return [
      {
        name: `time for a request through the gateway, ${CONNECTIONS} at once, over a direct one`,
        value: round(bare / through),
        unit: '×',
        note: `${round(through)} a second, direct ${round(bare)} a second`,
      },
    ];
  });
}

async function byTurns<T>(
  measure: (port: number) => Promise<T>,
  direct: number,
  fronted: number,
): Promise<readonly { readonly direct: T; readonly fronted: T }[]> {
  const turn = async () => ({ direct: await measure(direct), fronted: await measure(fronted) });
  // Until both are compiled as they will be.
  await turn();
  return repeat(TURNS, turn);
}

function withBoth<T>(use: (direct: number, fronted: number) => Promise<T>): Promise<T> {
  return withRig(CONFIG, async ({ session }) => {
    const { endpoints } = await session.wait({ resources: null });
    const portOf = (name: string): number => Number(new URL(endpoints[name]?.url ?? '').port);
    return use(portOf('direct'), portOf('fronted'));
  });
}
