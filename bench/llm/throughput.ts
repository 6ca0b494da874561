import type { Effort } from '../effort.ts';
import { megabytes } from '../ps.ts';
import { round, type Row } from '../row.ts';
import { load } from '../load.ts';
import { median, repeat, timed } from '../stats.ts';
import { withServers } from './servers.ts';

const PATH = '/v1/chat/completions';
const SAMPLES = 5;
const body = (stream: boolean): string =>
  JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'What is on the menu today?' }] });
const headers = 'baggage: greenroom=1.bench\r\n';

/** Requests a second beside a bare `node:http` server, in turn; then memory over many more. */
export function llmThroughput({ requests }: Effort): Promise<Row[]> {
  const each = Math.ceil(requests / 10);
  return withServers(async (llm, bare) => {
    const ask = (stream: boolean): Promise<number> =>
      timed(() => load(each, { port: llm.port, path: PATH, headers, body: body(stream) }));
    const askBare = (): Promise<number> => timed(() => load(each, { port: bare.port, path: PATH, body: body(false) }));
    await Promise.all([ask(false), askBare()]);
    const samples = await repeat(SAMPLES, async () => ({
      bare: await askBare(),
      llm: await ask(false),
      streams: await ask(true),
    }));
    const memory = (): number => megabytes([llm.pid]).get(llm.pid) ?? Number.NaN;
    const before = memory();
    await load(requests, { port: llm.port, path: PATH, headers, body: body(false) });
    const rate = (of: 'bare' | 'llm' | 'streams'): string =>
      `${round((each * 1_000) / median(samples.map((sample) => sample[of])))} a second`;
    return [
      {
        name: 'time of a completion, over an answer of bare node:http',
        value: round(median(samples.map((sample) => sample.llm / sample.bare))),
        unit: '×',
        // At least 0.7 of its requests a second.
        goal: 1.43,
        note: `${rate('llm')}; bare ${rate('bare')}`,
      },
      {
        name: 'the same as a stream',
        value: round(median(samples.map((sample) => sample.streams / sample.bare))),
        unit: '×',
        note: rate('streams'),
      },
      { name: `memory over ${requests} requests more`, value: round(memory() - before), unit: 'MB', goal: 20 },
    ];
  });
}
