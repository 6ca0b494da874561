import { entry } from '../../platform/entry.ts';
import type { Driver } from '../driver.ts';
import { logSize } from '../log-file.ts';

/** Runs `workers/mock-llm`, which listens on a port of its own choice and says which. */
export const mockLlmDriver: Driver = {
  async start(ctx) {
    const logFrom = logSize(ctx.logFile);
    await ctx.spawn({ run: [process.execPath, entry('mock-llm')], deathSignal: 'SIGKILL' });
    const listening = { source: String.raw`^mock-llm listens on (?<host>\S+) port (?<port>\d+)$`, flags: '' };
    const found = await ctx.untilPasses({ probe: 'log', pattern: { $regexp: listening } }, {}, { logFrom });
    const { host = '', port = '' } = found;
    const url = `http://${host}:${port}`;
    return { host, port: Number(port), url, baseUrl: `${url}/v1` };
  },
};
