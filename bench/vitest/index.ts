import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { overhead } from './overhead.ts';
import { sharing } from './sharing.ts';

/** Whole Vitest suites, with and without Greenroom. */
export const vitest: readonly ((effort: Effort) => Promise<Row[]>)[] = [overhead, sharing];
