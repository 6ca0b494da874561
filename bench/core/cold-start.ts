import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { Effort } from '../effort.ts';
import { service, startUp, withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';

/** A graph: what each resource needs, which stands above it, and how many units of work it has to do. */
const GRAPH: Readonly<Record<string, { readonly units: number; readonly needs: readonly string[] }>> = {
  database: { units: 1, needs: [] },
  migration: { units: 1, needs: ['database'] },
  llm: { units: 1.5, needs: [] },
  api: { units: 1, needs: ['migration', 'llm'] },
  cache: { units: 0.5, needs: [] },
  worker: { units: 0.5, needs: ['cache', 'migration'] },
};

/** From nothing to all ready, coordinator included, over the longest chain of the same programs started by hand. */
export async function coldStart({ generations, startSeconds }: Effort): Promise<Row[]> {
  const samples = await repeat(Math.ceil(generations / 4), async () => {
    const alone = new Map<string, number>();
    for (const [name, { units }] of Object.entries(GRAPH)) alone.set(name, await startByHand(units * startSeconds));
    const time = (name: string): number => alone.get(name) ?? Number.NaN;
    const until = (name: string): number => time(name) + Math.max(0, ...(GRAPH[name]?.needs ?? []).map(until));
    return {
      sequential: [...alone.values()].reduce((sum, ms) => sum + ms, 0),
      critical: Math.max(...Object.keys(GRAPH).map(until)),
      greenroom: await startByGreenroom(startSeconds),
    };
  });
  const greenroom = samples.map((sample) => sample.greenroom);
  const ratio = (over: 'critical' | 'sequential'): number => round(median(samples.map((s) => s.greenroom / s[over])));
  return [
    {
      name: 'cold start of a graph, over its critical path',
      value: ratio('critical'),
      unit: '×',
      goal: 1.05,
      note: spread(greenroom),
    },
    {
      name: 'cold start of a graph, over one after the other',
      value: ratio('sequential'),
      unit: '×',
      note: spread(samples.map((s) => s.sequential)),
    },
  ];
}

async function startByHand(seconds: number): Promise<number> {
  const [program = '', ...words] = startUp(seconds);
  const before = performance.now();
  const child = execa(program, words, { buffer: false, reject: false });
  const { stdout } = child;
  for await (const _ of createInterface({ input: stdout })) break;
  const took = performance.now() - before;
  child.kill('SIGKILL');
  await child;
  return took;
}

function startByGreenroom(startSeconds: number): Promise<number> {
  const constants = Object.entries(GRAPH).map(
    ([name, { units, needs }]) => `const ${name} = ${service(units * startSeconds, needs.join(', '))};`,
  );
  const names = Object.keys(GRAPH).join(', ');
  const config = `(() => { ${constants.join('\n')} return { resources: { ${names} }, linger: 0 }; })()`;
  return withRig(config, async ({ session, begun }) => {
    await session.wait({ resources: null });
    return performance.now() - begun;
  });
}
