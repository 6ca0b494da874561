/** Runs the steps that bring a database from empty to what specs start with. */
import { resolve } from 'node:path';
import type { Endpoint, Json } from '../../protocol/plan.ts';
import { describeError, isGreenroomError } from '../../protocol/failure.ts';
import type { ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { type Ask, session } from '../probes/sql.ts';
import { orAbort } from '../probes/timing.ts';
import { isCommand, isFunction, type ReadStep } from './contents.ts';
import type { MigrationCommand } from './migration.ts';
import { lineAndColumn } from './sql-position.ts';
import type { ContentFile } from './template-key.ts';

/** @throws GreenroomError MIGRATION_FAILED */
export async function runStep(
  read: ReadStep,
  database: Endpoint & { url: string },
  ctx: ResourceContext,
): Promise<void> {
  const { plan, option } = read;
  if (isFunction(plan)) await callFunction(plan, option, database, ctx);
  else if (isCommand(plan)) await runCommand(plan, option, database.url, ctx);
  else await session(database.url, ctx.root, ctx.signal, (ask) => runFiles(read.files, ask, ctx));
}

async function runFiles(files: readonly ContentFile[], ask: Ask, ctx: ResourceContext): Promise<void> {
  for (const file of files) {
    await runFile(file, ask, ctx);
    // A dump sets `search_path` for its session; the next file must not see that.
    await ask('discard all').catch((error: unknown) => {
      const open = codeOf(error) === ACTIVE_TRANSACTION;
      throw failed(ctx, file.path, open ? 'it leaves a transaction open' : describeError(error));
    });
  }
}

const ACTIVE_TRANSACTION = '25001';

async function runFile({ path, contents }: ContentFile, ask: Ask, ctx: ResourceContext): Promise<void> {
  // A byte order mark, which the server would not understand.
  const text = contents.toString('utf8').replace(/^\u{FEFF}/u, '');
  try {
    await ask(text);
  } catch (error) {
    ctx.signal.throwIfAborted();
    const at = lineAndColumn(text, field(error, 'position'));
    const where = at === undefined ? path : `${path}:${at.line}:${at.column}`;
    const extra = ['detail', 'where'].flatMap((name) => field(error, name) ?? []);
    throw failed(ctx, where, [describeError(error), ...extra].join('; '), field(error, 'hint'));
  }
}

async function runCommand(command: MigrationCommand, option: string, url: string, ctx: ResourceContext): Promise<void> {
  const started = await ctx.spawn({
    run: command.run,
    cwd: resolve(ctx.root, command.cwd ?? '.'),
    env: { DATABASE_URL: url },
    oneShot: true,
    label: `${ctx.name}-${option}`,
  });
  const exit = await orAbort(ctx.signal, started.exited);
  if (exit.code !== 0) {
    throw failed(
      ctx,
      `\`${command.run.join(' ')}\``,
      describeExit(exit),
      'its log ends with the reason, if it gave one',
    );
  }
}

async function callFunction(
  plan: Parameters<ResourceContext['call']>[0],
  option: string,
  database: Endpoint,
  ctx: ResourceContext,
): Promise<void> {
  try {
    await ctx.call(plan, [database as Json], ctx.plan.startTimeout);
  } catch (error) {
    if (isGreenroomError(error) && error.code === 'CONFIG_HOST_LOST') throw error;
    throw failed(ctx, `the function \`${option}\``, describeError(error));
  }
}

/** The one error of a migration: where, and what was said there. */
export function failed(ctx: ResourceContext, where: string, said: string, hint?: string): Error {
  const correct = 'correct it, then run again; nothing that is half migrated is kept';
  return ctx.error('MIGRATION_FAILED', `migrating ${ctx.name} failed at ${where}: ${said}`, hint ?? correct);
}

const codeOf = (error: unknown): string | undefined => field(error, 'code');

/** A field of what the server says of an error. */
function field(error: unknown, name: string): string | undefined {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
