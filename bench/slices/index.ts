import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { coldStart } from './cold-start.ts';
import { databaseLeases } from './leases.ts';
import { redisServers } from './redis.ts';

/** What it costs that workers have parts of their own. */
export const slices: readonly ((effort: Effort) => Promise<Row[]>)[] = [coldStart, databaseLeases, redisServers];
