/** For any process that uses a running generation. Small: loads nothing from node_modules. */
export { connectWorker } from './worker.ts';
export type { HealthAsked, IncidentsAsked, Session, WaitFor } from './session.ts';
export type { GateWait, ReadyReply, Welcome } from '../protocol/messages.ts';
export type { FailedCheck, Incident } from '../protocol/incident.ts';
export { baggage, originIn, type Origin } from '../protocol/baggage.ts';
export { GreenroomError, isGreenroomError, type Failure } from '../protocol/failure.ts';
