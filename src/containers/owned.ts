import { describeError } from '../protocol/failure.ts';
import { removeWords, type Engine } from './engine.ts';
import type { GenerationIdentity } from '../protocol/generation-file.ts';
import { filterWords } from './labels.ts';

/**
 * Removes what bears a generation's label: containers in any state, also such as were never started, then networks and
 * volumes. What cannot be removed is noted, and stops nothing.
 */
export async function removeOwned(
  engine: Engine,
  owner: Pick<GenerationIdentity, 'nonce'>,
  note: (text: string) => void,
): Promise<void> {
  const kinds = [
    { list: ['ps', '--all', '--quiet'], remove: removeWords(engine.kind) },
    { list: ['network', 'ls', '--quiet'], remove: ['network', 'rm'] },
    { list: ['volume', 'ls', '--quiet'], remove: ['volume', 'rm', '--force'] },
  ];
  for (const { list, remove } of kinds) {
    try {
      const found = (await engine.run([...list, ...filterWords(owner)])).split('\n').filter(Boolean);
      if (found.length === 0) continue;
      note(`removing what ${engine.kind} ${list[0]} has of it: ${found.join(', ')}`);
      await engine.run([...remove, ...found]);
    } catch (error) {
      note(describeError(error));
    }
  }
}
