import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../../src/protocol/plan.ts';
import type { Effort } from '../effort.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, percentile, repeat, timed } from '../stats.ts';
import { load } from './load.ts';

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
    const turns = await byTurns(async (url) => load(url, 1, rounds), direct, fronted);
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
    const rate = async (url: string): Promise<number> =>
      (requests / (await timed(() => load(url, CONNECTIONS, requests)))) * 1_000;
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
  measure: (url: string) => Promise<T>,
  direct: string,
  fronted: string,
): Promise<readonly { readonly direct: T; readonly fronted: T }[]> {
  const turn = async () => ({ direct: await measure(direct), fronted: await measure(fronted) });
  // Until both are compiled as they will be.
  await turn();
  return repeat(TURNS, turn);
}

function withBoth<T>(use: (direct: string, fronted: string) => Promise<T>): Promise<T> {
  return withRig(CONFIG, async ({ session }) => {
    const { endpoints } = await session.wait({ resources: null });
    const urlOf = (name: string): string => (endpoints[name] as Endpoint & { readonly url: string }).url;
    return use(urlOf('direct'), urlOf('fronted'));
  });
}
