import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { filesMatching } from '../../platform/glob.ts';
import type { FunctionRef } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { type MigrationCommand, type MigrationPlan, list } from './migration.ts';
import type { PostgresPlan } from './options.ts';
import { type ContentFile, inOrder, type Step } from './template-key.ts';

/** A step of the plan with the files that it has now: what is hashed is what is run. */
export interface ReadStep {
  /** The option it comes from. */
  readonly option: 'migrate' | 'seed';
  readonly plan: MigrationPlan;
  /** In the order in which they are run. */
  readonly files: readonly ContentFile[];
  /** For the key. */
  readonly step: Step;
}

/** Reads all that the database is made from. */
export async function readSteps({ migrate, seed }: PostgresPlan, ctx: ResourceContext): Promise<readonly ReadStep[]> {
  const steps: ReadStep[] = [];
  for (const [option, plan] of [['migrate', migrate] as const, ['seed', seed] as const]) {
    if (plan !== undefined) steps.push(await readStep(option, plan, ctx));
  }
  return steps;
}

async function readStep(option: ReadStep['option'], plan: MigrationPlan, ctx: ResourceContext): Promise<ReadStep> {
  if (isFunction(plan)) return { option, plan, files: [], step: { kind: 'function', configHash: ctx.configHash } };
  if (!isCommand(plan)) return { option, plan, files: await read(list(plan), ctx.root), step: { kind: 'sql' } };
  const { run, cwd = '.', files, version = '' } = plan;
  const step = { kind: 'command', run, cwd, version: String(version) } as const;
  return { option, plan, files: await read(list(files), ctx.root), step };
}

async function read(globs: readonly string[], root: string): Promise<readonly ContentFile[]> {
  const found = await Promise.all(globs.map((glob) => filesMatching(glob, root)));
  const files = [...new Set(found.flat())].map(async (path) => ({
    path: path.split(sep).join('/'),
    contents: await readFile(join(root, path)),
  }));
  return inOrder(await Promise.all(files));
}

export function isFunction(plan: MigrationPlan): plan is FunctionRef {
  return typeof plan === 'object' && '$function' in plan;
}

export function isCommand(plan: MigrationPlan): plan is MigrationCommand {
  return typeof plan === 'object' && 'run' in plan;
}
