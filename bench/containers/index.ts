import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { parallelBuilds } from './parallel-builds.ts';
import { listening, warmStart } from './start.ts';

/** Images and containers. */
export const containers: readonly ((effort: Effort) => Promise<Row[]>)[] = [parallelBuilds, warmStart, listening];
