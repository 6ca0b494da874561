/**
 * Program: makes the plan of each directory in its arguments, in plain Node as the command line does it, and prints a
 * JSON list of the failures; null where there is none.
 */
import { loadConfig } from '../../../src/config/load.ts';
import { toPlan } from '../../../src/config/plan.ts';
import { type Failure, isGreenroomError } from '../../../src/protocol/failure.ts';

async function failureOf(directory: string): Promise<Failure | null> {
  try {
    await toPlan(await loadConfig(directory));
    return null;
  } catch (error) {
    if (isGreenroomError(error)) return error.failure;
    throw error;
  }
}

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(failureOf))));
