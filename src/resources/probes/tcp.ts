import { connect } from 'node:net';
import { addressText } from '../../protocol/address.ts';
import type { ProbePlan } from '../../protocol/plan.ts';
import { askAddresses } from './address.ts';
import type { Answer, ProbeContext } from './answer.ts';

type TcpProbe = Extract<ProbePlan, { probe: 'tcp' }>;

/** Passes when a connection is accepted. */
export function askTcp(probe: TcpProbe, ctx: ProbeContext): Promise<Answer> {
  return askAddresses(probe, ctx, 'tcp', async (target, signal) => {
    await accepted(target.host, target.port, signal);
    return { ok: true, fields: {}, answer: `tcp ${addressText(target)}: accepted` };
  });
}

function accepted(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal }, resolve);
    socket.once('error', reject);
    socket.once('connect', () => socket.destroy());
  });
}
