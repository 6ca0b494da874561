/** What a `greenroom.config.ts` imports. No logic. */
export { defineConfig, gate } from './config/define.ts';
export type { Config, Gate, Gates, Resources, SuiteOptions } from './config/define.ts';
export type * from './config/register.ts';
export { GreenroomError, isGreenroomError } from './protocol/failure.ts';
export type { Code } from './protocol/codes.ts';
export type { Failure } from './protocol/failure.ts';
export type { Endpoint, Endpoints } from './protocol/plan.ts';
export { command } from './resources/command/index.ts';
export { custom } from './resources/custom/index.ts';
export { dir } from './resources/dir/index.ts';
export { ports } from './resources/ports/index.ts';
export type { EndpointOf, EndpointsOf, Needs, Resource } from './resources/define.ts';
export { all, any, capacity, check, exec, http, log, redis, sql, tcp } from './resources/probes/define.ts';
export type { Probe } from './resources/probes/define.ts';
