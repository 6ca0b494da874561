import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { coldStart } from './cold-start.ts';

/** Databases of one's own. */
export const slices: readonly ((effort: Effort) => Promise<Row[]>)[] = [coldStart];
