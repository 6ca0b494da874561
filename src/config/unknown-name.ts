/** What is said of a name that the config does not have. */
import { GreenroomError } from '../protocol/failure.ts';
import { nearest } from '../platform/nearest.ts';

/** The error for a resource or gate that the config does not have. */
export function unknownName(kind: 'resource' | 'gate', name: string, known: readonly string[]): GreenroomError {
  return new GreenroomError({
    code: kind === 'gate' ? 'UNKNOWN_GATE' : 'UNKNOWN_RESOURCE',
    message: `there is no ${kind} \`${name}\`${guessed(name, known)}`,
    hint: `the config has ${known.length === 0 ? 'none' : known.join(', ')}`,
  });
}

/** `; did you mean …?`, as the end of a sentence, where one of the known words is near. */
export function guessed(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess === undefined ? '' : `; did you mean \`${guess}\`?`;
}
