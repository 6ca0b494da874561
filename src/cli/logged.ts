import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { guessed } from '../config/unknown-name.ts';
import { GreenroomError } from '../protocol/failure.ts';

/**
 * That a generation has a log of this name.
 * @throws GreenroomError UNKNOWN_RESOURCE
 */
export function requireLog(dir: string, resource: string): void {
  const known = readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .map((name) => basename(name, '.log'));
  if (known.includes(resource)) return;
  // It may well be in the config: a resource that was not started has no log.
  throw new GreenroomError({
    code: 'UNKNOWN_RESOURCE',
    message: `there is no log of \`${resource}\`${guessed(resource, known)}`,
    hint: `there are logs of ${known.join(', ')}; a resource that was not started has none`,
  });
}
