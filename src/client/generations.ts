import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  generationFileName,
  generationOf,
  parseGenerationFile,
  type GenerationFile,
} from '../protocol/generation-file.ts';

/** A generation, and the file it was read from. */
export interface FoundGeneration extends GenerationFile {
  readonly file: string;
}

/** The numbers that have been claimed in a key's directory, highest first. */
export function claimedGenerations(keyDir: string): readonly number[] {
  try {
    return readdirSync(keyDir)
      .flatMap((name) => generationOf(name) ?? [])
      .toSorted((a, b) => b - a);
  } catch {
    return [];
  }
}

/** The newest generation of a key, dead or alive; undefined when there never was one or its file is broken. */
export function newestGeneration(keyDir: string): FoundGeneration | undefined {
  const [newest] = claimedGenerations(keyDir);
  return newest === undefined ? undefined : readGeneration(join(keyDir, generationFileName(newest)));
}

export function readGeneration(file: string): FoundGeneration | undefined {
  try {
    const generation = parseGenerationFile(readFileSync(file, 'utf8'));
    return generation && { ...generation, file };
  } catch {
    return undefined;
  }
}
