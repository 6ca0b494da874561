import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { llmCrosstalk } from './crosstalk.ts';
import { llmThroughput } from './throughput.ts';

/** What the mock LLM holds. */
export const llm: readonly ((effort: Effort) => Promise<Row[]>)[] = [llmThroughput, llmCrosstalk];
