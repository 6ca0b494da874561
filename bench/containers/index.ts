import { engineEnv } from '../../test/support/engine.ts';
import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { parallelBuilds } from './parallel-builds.ts';
import { listening, warmStart } from './start.ts';

// For the coordinators that are started.
Object.assign(process.env, engineEnv());

/** Images and containers. */
export const containers: readonly ((effort: Effort) => Promise<Row[]>)[] = [parallelBuilds, warmStart, listening];
