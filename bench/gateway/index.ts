import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { GatewaySettings } from '../../src/gateway/gateway.ts';
import { until } from '../../src/platform/deadline.ts';
import { builtUrl } from '../built-url.ts';
import type { Effort } from '../effort.ts';
import { round, type Row } from '../row.ts';
import { percentile, spread } from '../stats.ts';
import { requests } from './requests.ts';

const SERVER = fileURLToPath(new URL('processes/server.ts', import.meta.url));
const GATEWAY = fileURLToPath(builtUrl('../workers/gateway'));
/** Requests before any is measured. */
const WARM_UP = 500;

/** What a gateway costs: the same requests to a server, and to the same server through it, by turns. */
async function throughGateway({ leases }: Effort): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-bench-gateway-'));
  const server = execa(process.execPath, [SERVER], { stdin: 'pipe', buffer: false, reject: false });
  const { port } = JSON.parse(await firstLine(server.stdout)) as { readonly port: number };
  const settings: GatewaySettings = {
    resource: 'server',
    protocol: 'http',
    upstream: { host: '127.0.0.1', port },
    control: join(dir, 's'),
    records: join(dir, 'records.ndjson'),
    keepBodies: 1_024,
    headTimeout: 60_000,
  };
  const gateway = execa(process.execPath, [GATEWAY, JSON.stringify(settings)], { reject: false });
  try {
    const front = await portOf(settings.control);
    const [direct, through]: [number[], number[]] = [[], []];
    const all = { direct: 0, through: 0 };
    await requests(WARM_UP, 16, port);
    await requests(WARM_UP, 16, front);
    for (let turn = 0; turn < 5; turn += 1) {
      direct.push(...(await requests(leases, 1, port)).each);
      through.push(...(await requests(leases, 1, front)).each);
      all.direct += (await requests(leases * 2, 16, port)).all;
      all.through += (await requests(leases * 2, 16, front)).all;
    }
    const added = (fraction: number): number => round(percentile(through, fraction) - percentile(direct, fraction));
    const perSecond = (ms: number): number => Math.round((leases * 10 * 1_000) / ms);
    const note = `through it ${spread(through)}; direct ${spread(direct)}`;
    return [
      { name: 'added to a request by the gateway, p50', value: added(0.5), unit: 'ms', goal: 1, note },
      { name: 'added to a request by the gateway, p99', value: added(0.99), unit: 'ms' },
      {
        name: 'time of many requests, 16 at once, over the direct server',
        value: round(all.through / all.direct),
        unit: '×',
        note: `${perSecond(all.through)} a second, direct ${perSecond(all.direct)}`,
      },
    ];
  } finally {
    gateway.kill('SIGKILL');
    server.kill('SIGKILL');
    await Promise.all([gateway, server]);
    rmSync(dir, { recursive: true });
  }
}

async function firstLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) return line;
  throw new Error('the server ended before it said anything');
}

/** The gateway's own port, which its control socket tells. */
async function portOf(control: string): Promise<number> {
  if (!(await until(() => existsSync(control), 10_000))) throw new Error('the gateway did not come up within 10 s');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath: control }).once('response', resolve).once('error', reject).end();
  });
  return ((await json(response)) as { readonly port: number }).port;
}

/** What stands between a resource and its users. */
export const gateway: readonly ((effort: Effort) => Promise<Row[]>)[] = [throughGateway];
