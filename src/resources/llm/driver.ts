import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entry } from '../../platform/entry.ts';
import { checkSocketPath } from '../../platform/paths.ts';
import type { Driver, ManagedProcess, ResourceContext } from '../driver.ts';
import { logSize } from '../log-file.ts';
import { askControl } from './control-client.ts';
import type { MockLlmEndpoint } from './index.ts';
import type { MockLlmPlan } from './options.ts';
import { reportLines, type Report } from './report.ts';
import { sharedScripts } from './scenario-files.ts';
import { CONTROL, SETTINGS, SMALL_HEAP, type Settings } from './settings.ts';

/** Runs `workers/mock-llm`, which listens on a port of its own choice and says which. */
export const mockLlmDriver: Driver = {
  async preflight(name, plan, root) {
    await sharedScripts(name, plan.options, root);
  },
  async start(ctx) {
    const directory = await ctx.tempDir(ctx.name);
    const control = join(directory, CONTROL);
    checkSocketPath(control, 'set TMPDIR to a directory with a shorter path');
    writeFileSync(join(directory, SETTINGS), JSON.stringify(await settingsOf(ctx)), { mode: 0o600 });
    const start = async (port: number, signal = ctx.signal): Promise<MockLlmEndpoint> => {
      const server = await listening(directory, port, signal, ctx);
      const endpoint = endpointOf(server.host, server.port, control);
      ctx.care({
        endpoint,
        probe: { probe: 'tcp' },
        // With what it shares. What specs have scripted is gone with those specs.
        restart: async (again) => {
          await server.process.stop(0);
          rmSync(control, { force: true });
          return start(server.port, again);
        },
      });
      return endpoint;
    };
    // Undone before the process is ended.
    ctx.defer(`what ${ctx.name} was not asked`, () => tellReport(ctx, control));
    const endpoint = await start(0);
    if (ctx.plan.slice !== undefined && ctx.plan.scope === undefined) offerPorts(ctx, endpoint.host, control);
    return endpoint;
  },
};

/** @param port 0: one of its own choice */
async function listening(
  directory: string,
  port: number,
  signal: AbortSignal,
  ctx: ResourceContext,
): Promise<{ readonly process: ManagedProcess; readonly host: string; readonly port: number }> {
  const logFrom = logSize(ctx.logFile);
  const process = await ctx.spawn({
    run: [globalThis.process.execPath, SMALL_HEAP, entry('mock-llm'), directory, String(port)],
    deathSignal: 'SIGKILL',
  });
  const line = { source: String.raw`^mock-llm listens on (?<host>\S+) port (?<port>\d+)$`, flags: '' };
  try {
    const found = await ctx.untilPasses({ probe: 'log', pattern: { $regexp: line } }, {}, { logFrom, signal });
    return { process, host: found['host'] ?? '', port: Number(found['port']) };
  } catch (error) {
    await process.stop(0);
    throw error;
  }
}

async function settingsOf({ name, plan, root, slot }: ResourceContext): Promise<Settings> {
  const options = plan.options as MockLlmPlan;
  return {
    scripts: await sharedScripts(name, options, root),
    forceText: options.forceText ?? false,
    ...(slot === undefined ? {} : { slot }),
  };
}

/** A slice is one more port of the same process; with it goes what its holder has scripted. */
function offerPorts(ctx: ResourceContext, host: string, control: string): void {
  const open = new Map<string, { readonly slot: number; readonly port: number }>();
  ctx.offerSlices({
    async make(name, slot) {
      const { port } = (await askControl(control, '/open', { slot })) as { readonly port: number };
      open.set(name, { slot, port });
      return endpointOf(host, port, control);
    },
    async drop(name) {
      const part = open.get(name);
      open.delete(name);
      if (part !== undefined) await askControl(control, '/close', part);
    },
  });
}

/** In its log, before it ends. One that has ended by itself has nothing to tell. */
async function tellReport(ctx: ResourceContext, control: string): Promise<void> {
  const report = await askControl(control, '/report', { since: 0 }).catch(() => undefined);
  for (const line of report === undefined ? [] : reportLines(report as Report)) ctx.note(line);
}

function endpointOf(host: string, port: number, control: string): MockLlmEndpoint {
  const url = `http://${host}:${port}`;
  return { host, port, url, baseUrl: `${url}/v1`, control };
}
