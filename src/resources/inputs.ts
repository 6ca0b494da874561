/** Files that a resource is made from, and that therefore belong to the key of the infrastructure. */
import { migrationGlobs } from './postgres/migration.ts';

export interface ResourceInput {
  /** The option that names it. */
  readonly option: string;
  readonly pattern: string;
}

/** Options that name files, by kind. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = { postgres: ['migrate', 'seed'], mockLlm: ['scenarios'] };

/** Of a resource of this kind, with its options as they stand in the config. */
export function inputsOf(kind: string, options: Readonly<Record<string, unknown>>): readonly ResourceInput[] {
  return (OPTIONS[kind] ?? []).flatMap((option) =>
    migrationGlobs(options[option]).map((pattern) => ({ option, pattern })),
  );
}
