/**
 * Named points at which a test can have this process killed, as if by the kernel: `GREENROOM_FAULT=point` sends
 * SIGKILL to ourselves, `GREENROOM_FAULT=point:STOP` freezes us.
 */
export type FaultPoint =
  | 'election.listening'
  | 'election.linked'
  | 'election.reaping'
  | 'resource.intent'
  | 'resource.spawned'
  | 'resource.ready'
  | 'postgres.building'
  | 'postgres.sealing'
  | 'postgres.caching'
  | 'postgres.cached'
  | 'stop.begun'
  | 'stop.cleaned'
  | 'stop.last';

export function faultPoint(point: FaultPoint): void {
  const [name, signal = 'KILL'] = (process.env['GREENROOM_FAULT'] ?? '').split(':');
  if (name === point) process.kill(process.pid, `SIG${signal}`);
}
