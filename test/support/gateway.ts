/** Gateways in the test's own process, in front of real servers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Exchange } from '../../src/gateway/exchange.ts';
import { Gateway, type GatewaySettings } from '../../src/gateway/gateway.ts';
import { eventually } from './project.ts';

export interface Fronted {
  readonly gateway: Gateway;
  /** Of the port that all share. */
  readonly port: number;
  readonly url: string;
  /** Opens a port for a slot. */
  door(slot: number): Promise<{ readonly port: number; readonly url: string }>;
  /** Waits until so many exchanges have come to their end. */
  ended(count: number): Promise<readonly Exchange[]>;
  /** The records in its file. */
  written(): readonly Exchange[];
}

/** Closed with the test. */
export async function fronted(upstreamPort: number, settings: Partial<GatewaySettings> = {}): Promise<Fronted> {
  const dir = mkdtempSync(join(tmpdir(), 'gr-gateway-'));
  const records = join(dir, 'api.traffic.ndjson');
  const upstream = { host: '127.0.0.1', port: upstreamPort };
  const gateway = new Gateway({
    resource: 'api',
    protocol: 'http',
    upstream,
    control: join(dir, 's'),
    records,
    keepBodies: 1_024,
    headTimeout: 60_000,
    ...settings,
  });
  onTestFinished(async () => {
    await gateway.close();
    rmSync(dir, { recursive: true });
  });
  const at = (port: number) => ({ port, url: `http://127.0.0.1:${port}` });
  const { port } = await gateway.open('', upstream);
  return {
    gateway,
    ...at(port),
    door: async (slot) => at((await gateway.open(`slot ${slot}`, upstream, slot)).port),
    ended: (count) =>
      eventually(() => {
        const all = gateway.book.find({}).filter(({ end }) => end !== 'open');
        return all.length >= count ? all : undefined;
      }, `${count} exchanges to end`),
    written: () =>
      readFileSync(records, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Exchange),
  };
}

/** Says `text` to a port and gives all that comes back until the other side closes. */
export async function said(port: number, text: string): Promise<string> {
  const { connect } = await import('node:net');
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk));
    socket.once('close', () => resolve(heard));
    socket.once('error', reject);
  });
}
